import { providers } from '../../crawlers/index.js';

/** Whether a picture of this provider was brought by the person: uploaded, listed, or read from a folder or zip of theirs. */
export function isOwnProvider(id: string): boolean {
  const kind = providers.find((provider) => provider.id === id)?.kind;
  return id === 'upload' || kind === 'list' || kind === 'local';
}

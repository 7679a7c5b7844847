/**
 * Addresses of pictures in a local store: `graft-folder:///cats/1.jpg`. They only name a path inside the store; that it
 * may be read at all follows from the candidate's provider, which the search sets and no reply can.
 */

const SCHEME = /^graft-([a-z-]+):\/\/\/(.+)$/;

/** The address of a path, with '/', in the store of that provider. */
export const localAddress = (provider: string, path: string): string =>
  `graft-${provider}:///${path.split('/').map(encodeURIComponent).join('/')}`;

const isPlainSegment = (segment: string): boolean =>
  segment !== '' && segment !== '.' && segment !== '..' && !/[/\\\0]/.test(segment);

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** The path in the store of that provider; `null` for every other address, and for one that would lead out of it. */
export function localPath(provider: string, address: string): string | null {
  const [, owner, encoded] = SCHEME.exec(address) ?? [];
  if (owner !== provider || !encoded) return null;
  const segments = encoded.split('/').map(decode);
  return segments.every((segment) => segment !== null && isPlainSegment(segment)) ? segments.join('/') : null;
}

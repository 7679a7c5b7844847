import { readFile } from 'node:fs/promises';
import type { PageRequest } from '../../../../crawlers/provider.js';

/** A recorded page of a provider, as text. */
export const recorded = (provider: string, name: string): Promise<string> =>
  readFile(new URL(`../../../fixtures/providers/${provider}/${name}.json`, import.meta.url), 'utf8');

/** A request without settings. */
export const asking = (query: string, cursor: string | null = null): PageRequest => ({
  query,
  cursor,
  settings: {},
});

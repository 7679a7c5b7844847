import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DownloadSource, OnnxFileSource } from '../backbones/card.js';
import type { DownloadOptions } from './download.js';
import { download, hashFile } from './download.js';
import { HubError } from './errors.js';
import { addToLock, readLock, type ZooLockEntry } from './lock-file.js';

/** What names the weights in the cache: their checksum, or where it is not known yet their address. */
export const weightsKey = ({ url, sha256 }: DownloadSource): string =>
  sha256 ?? createHash('sha256').update(url).digest('hex');

const downloadPath = (id: string, source: DownloadSource, cacheDir: string): string =>
  path.join(cacheDir, 'downloads', `${id}-${weightsKey(source).slice(0, 16)}.onnx`);

/** Removes a fetched file: the backbone was made from it. */
export function forgetDownload(id: string, source: DownloadSource, cacheDir: string): Promise<void> {
  return rm(downloadPath(id, source, cacheDir), { force: true });
}

/** A mirror that is a folder needs no copy. */
async function localFile(url: string, source: DownloadSource): Promise<OnnxFileSource> {
  const file = fileURLToPath(url);
  const sha256 = source.sha256 ?? (await hashFile(file).catch(() => ''));
  return { kind: 'onnx-file', path: file, bytes: source.bytes ?? 0, sha256 };
}

/**
 * What is locked of a card's weights; undefined where nothing is.
 *
 * @throws HubError `changed` for a card with no checksum that points elsewhere than what is locked.
 */
export async function lockedOf(
  id: string,
  source: DownloadSource,
  cacheDir: string,
): Promise<ZooLockEntry | undefined> {
  const locked = (await readLock(cacheDir))[id];
  if (!locked || locked.url === source.url) return locked;
  if (source.sha256 === null) throw moved(id, locked.url, source.url);
  return undefined;
}

/**
 * Brings the weights of a card onto this machine. A card that states no checksum is locked in `zoo.lock.json` at first use:
 * to the checksum the hub states, or to what was fetched.
 *
 * @throws HubError, each with what to do.
 */
export async function fetchWeights(
  id: string,
  source: DownloadSource,
  cacheDir: string,
  options: DownloadOptions = {},
): Promise<OnnxFileSource> {
  if (source.url.startsWith('file:')) return localFile(source.url, source);
  const target = downloadPath(id, source, cacheDir);
  const locked = await lockedOf(id, source, cacheDir);
  const sha256 = source.sha256 ?? locked?.sha256 ?? null;
  if (sha256 !== null && (await hashFile(target).catch(() => '')) === sha256)
    return { kind: 'onnx-file', path: target, bytes: source.bytes ?? locked?.bytes ?? 0, sha256 };
  const bytes = source.bytes ?? locked?.bytes ?? null;
  const found = await download({ url: source.url, bytes, sha256 }, target, options);
  if (sha256 === null) {
    const from = found.statedSha256 === null ? ('first use' as const) : ('hub' as const);
    await addToLock(cacheDir, id, { url: source.url, bytes: found.bytes, sha256: found.sha256, from });
  }
  return { kind: 'onnx-file', path: target, bytes: found.bytes, sha256: found.sha256 };
}

const moved = (id: string, before: string, now: string): HubError =>
  new HubError(
    'changed',
    `The card "${id}" now points to ${now}, but zoo.lock.json holds the checksum of ${before}. Remove its line there to trust the new one.`,
  );

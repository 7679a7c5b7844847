import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageView } from '../../http/api.js';
import type { GraftClient } from '../client.js';
import type { GalleryResult } from './gallery-client.js';

/** A picture to try the model on. */
export interface UnseenPicture {
  category: string;
  /** Where it was saved. */
  path: string;
  origin: 'gallery' | 'test-set';
}

const FROM_GALLERY = 2;

export interface UnseenRequest {
  client: GraftClient;
  category: string;
  /** Results of the gallery for the category. */
  results: readonly GalleryResult[];
  /** All pictures of the run. */
  images: readonly ImageView[];
  folder: string;
  signal: AbortSignal;
}

/**
 * Saves a few pictures of a category that no part of the training has seen: sound ones of the gallery that the run never
 * met, and when the run has met them all, pictures of its test set.
 */
export async function saveUnseen(request: UnseenRequest): Promise<UnseenPicture[]> {
  const { category, images, results, folder, signal } = request;
  await mkdir(folder, { recursive: true });
  const met = new Set(images.map(({ imageUrl }) => imageUrl));
  const fresh = results
    .filter(({ imageUrl, plant }) => plant === null && !met.has(imageUrl))
    .slice(0, FROM_GALLERY);
  const saved: UnseenPicture[] = [];
  for (const { imageUrl } of fresh) {
    const bytes = await download(imageUrl, signal);
    if (bytes) saved.push(await save(folder, category, saved.length, bytes, 'gallery'));
  }
  const tests = images.filter((image) => image.category === category && image.part === 'test');
  for (const { id } of tests.slice(0, FROM_GALLERY - saved.length)) {
    saved.push(await save(folder, category, saved.length, await request.client.imageContent(id), 'test-set'));
  }
  return saved;
}

/** The gallery may be busy; the demo then takes a picture of the test set. */
async function download(url: string, signal: AbortSignal): Promise<Uint8Array | null> {
  const response = await fetch(url, { signal });
  return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
}

async function save(
  folder: string,
  category: string,
  index: number,
  bytes: Uint8Array,
  origin: UnseenPicture['origin'],
): Promise<UnseenPicture> {
  const path = join(folder, `${category}-${index + 1}${extensionOf(bytes)}`);
  await writeFile(path, bytes);
  return { category, path, origin };
}

function extensionOf(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (head.startsWith('\u0089PNG')) return '.png';
  if (head.startsWith('\u00ff\u00d8')) return '.jpg';
  if (head.startsWith('RIFF') && head.endsWith('WEBP')) return '.webp';
  if (head.startsWith('GIF8')) return '.gif';
  return '';
}

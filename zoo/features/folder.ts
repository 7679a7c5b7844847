import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { InstalledBackbone } from '../backbones/card.js';
import { ZooError } from '../errors.js';
import type { Tap } from '../graph/taps.js';
import type { Matrix } from '../matrix.js';
import type { FeatureShelf } from './cache.js';
import { featureKey } from './cache.js';
import type { Chunk } from './chunk-file.js';
import { encodeChunk, readChunkHeader, readChunkTap } from './chunk-file.js';

const CHUNK_SUFFIX = '.features';

/** Where a picture's row is. */
interface Place {
  readonly chunk: Chunk;
  readonly row: number;
}

async function openChunk(file: string, taps: readonly Tap[]): Promise<Chunk | null> {
  const handle = await open(file);
  try {
    return await readChunkHeader(handle, file, taps);
  } finally {
    await handle.close();
  }
}

/** Writes under another name first: a file of the right name is always whole. */
async function writeAtomically(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  const temporary = await mkdtemp(path.join(folder, '.writing-'));
  try {
    const unfinished = path.join(temporary, name);
    await writeFile(unfinished, bytes, { flush: true });
    await rename(unfinished, path.join(folder, name));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return path.join(folder, name);
}

/** Copies the rows of one chunk that are asked for. */
function copyRows(
  chunk: Chunk,
  taps: readonly Tap[],
  tap: number,
  wanted: readonly { row: number; to: number }[],
  into: Matrix,
): void {
  const file = openSync(chunk.path, 'r');
  try {
    const values = readChunkTap(file, chunk.images.length, taps, tap);
    const { cols, data } = into;
    for (const { row, to } of wanted) data.set(values.subarray(row * cols, (row + 1) * cols), to * cols);
  } finally {
    closeSync(file);
  }
}

class FeatureFolder implements FeatureShelf {
  private readonly places = new Map<string, Place>();

  constructor(
    private readonly folder: string,
    private readonly taps: readonly Tap[],
  ) {}

  index(chunk: Chunk): void {
    chunk.images.forEach((image, row) => {
      if (!this.places.has(image)) this.places.set(image, { chunk, row });
    });
  }

  missing(images: readonly string[]): string[] {
    return [...new Set(images)].filter((image) => !this.places.has(image));
  }

  async put(images: readonly string[], matrices: readonly Matrix[]): Promise<void> {
    if (this.missing(images).length === 0) return;
    this.taps.forEach((tap, i) => {
      const matrix = matrices[i];
      if (matrix?.rows === images.length && matrix.cols === tap.channels) return;
      throw new ZooError(`The features of tap "${tap.id}" are not ${images.length} x ${tap.channels}.`);
    });
    const { name, bytes } = encodeChunk(images, matrices);
    const file = await writeAtomically(this.folder, name, bytes);
    this.index({ path: file, images });
  }

  read(tapId: string, images: readonly string[]): Promise<Matrix> {
    return new Promise((resolve) => resolve(this.rowsOf(tapId, images)));
  }

  private rowsOf(tapId: string, images: readonly string[]): Matrix {
    const tap = this.taps.findIndex((candidate) => candidate.id === tapId);
    const cols = this.taps[tap]?.channels;
    if (cols === undefined) throw new ZooError(`No features of a tap "${tapId}" are kept here.`);
    const matrix: Matrix = { rows: images.length, cols, data: new Float32Array(images.length * cols) };
    for (const [chunk, wanted] of this.group(images)) copyRows(chunk, this.taps, tap, wanted, matrix);
    return matrix;
  }

  /** Each chunk is opened once, whatever the order of the pictures. */
  private group(images: readonly string[]): Map<Chunk, { row: number; to: number }[]> {
    const groups = new Map<Chunk, { row: number; to: number }[]>();
    images.forEach((image, to) => {
      const place = this.places.get(image);
      if (!place) throw new ZooError(`No features of picture ${image} are kept here; extract them first.`);
      const group = groups.get(place.chunk) ?? [];
      group.push({ row: place.row, to });
      groups.set(place.chunk, group);
    });
    return groups;
  }
}

/** The features kept under `root` for a backbone; see `openFeatureFolderAt`. */
export function openFeatureFolder(
  root: string,
  installed: InstalledBackbone,
  taps: readonly Tap[] = installed.taps,
): Promise<FeatureShelf> {
  return openFeatureFolderAt(path.join(root, featureKey(installed, taps)), taps);
}

/**
 * Opens the features kept in `folder`, making the folder where there is none. Chunks that are damaged
 * (a disk that was full, a copy that was cut short) count as not there. Several processes may write at a time; each sees what
 * was there when it opened, and what it wrote itself.
 */
export async function openFeatureFolderAt(folder: string, taps: readonly Tap[]): Promise<FeatureShelf> {
  await mkdir(folder, { recursive: true });
  const shelf = new FeatureFolder(folder, taps);
  const names = (await readdir(folder)).filter((name) => name.endsWith(CHUNK_SUFFIX)).sort();
  for (const name of names) {
    const chunk = await openChunk(path.join(folder, name), taps);
    if (chunk) shelf.index(chunk);
  }
  return shelf;
}

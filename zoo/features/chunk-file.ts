import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { Tap } from '../graph/taps.js';
import type { Matrix } from '../matrix.js';

/**
 * One file of features, written once and never changed:
 *
 *     8 bytes    'GRFTFEAT'
 *     4 bytes    rows, uint32 little-endian
 *     4 bytes    columns of all taps together, uint32 little-endian
 *     32 x rows  sha256 of each picture
 *     then       for each tap in order: rows x channels float32 little-endian, row-major
 *
 * A tap lies in one piece, so that reading one of forty taps reads a fortieth of the file. The file is named after the
 * sha256 of its contents.
 */
const MAGIC = Buffer.from('GRFTFEAT', 'latin1');
const HEADER_BYTES = 16;
const HASH_BYTES = 32;
const FLOAT_BYTES = 4;

/** A chunk whose header was read. */
export interface Chunk {
  readonly path: string;
  /** sha256 of each row's picture, hex. */
  readonly images: readonly string[];
}

const columnsOf = (taps: readonly Pick<Tap, 'channels'>[]): number =>
  taps.reduce((sum, tap) => sum + tap.channels, 0);

const fileBytes = (rows: number, columns: number): number =>
  HEADER_BYTES + rows * (HASH_BYTES + columns * FLOAT_BYTES);

/** The bytes of a chunk, and the name they are to have. */
export function encodeChunk(
  images: readonly string[],
  matrices: readonly Matrix[],
): { name: string; bytes: Buffer } {
  const columns = matrices.reduce((sum, matrix) => sum + matrix.cols, 0);
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32LE(images.length, 8);
  header.writeUInt32LE(columns, 12);
  const blocks = matrices.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  const bytes = Buffer.concat([header, Buffer.from(images.join(''), 'hex'), ...blocks]);
  return { name: `${createHash('sha256').update(bytes).digest('hex')}.features`, bytes };
}

/** Reads which pictures a chunk holds; null for a file that is damaged or of other taps. */
export async function readChunkHeader(
  file: FileHandle,
  path: string,
  taps: readonly Tap[],
): Promise<Chunk | null> {
  const { buffer: header } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
  if (!header.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  const rows = header.readUInt32LE(8);
  const columns = header.readUInt32LE(12);
  const { size } = await file.stat();
  if (columns !== columnsOf(taps) || size !== fileBytes(rows, columns)) return null;
  const hashes = Buffer.alloc(rows * HASH_BYTES);
  await file.read(hashes, 0, hashes.length, HEADER_BYTES);
  const images = Array.from({ length: rows }, (_, row) =>
    hashes.toString('hex', row * HASH_BYTES, (row + 1) * HASH_BYTES),
  );
  return { path, images };
}

/**
 * Reads all rows of one tap, synchronously: ranking reads thousands of small pieces that were written a minute ago, and a trip through
 * the thread pool takes several times as long as the read itself. Only processes made for computing read features.
 *
 * @param file descriptor of the open chunk
 */
export function readChunkTap(file: number, rows: number, taps: readonly Tap[], tap: number): Float32Array {
  const before = columnsOf(taps.slice(0, tap));
  const start = HEADER_BYTES + rows * (HASH_BYTES + before * FLOAT_BYTES);
  const values = new Float32Array(rows * (taps[tap]?.channels ?? 0));
  const bytes = new Uint8Array(values.buffer);
  for (let at = 0; at < bytes.length;) {
    const bytesRead = readSync(file, bytes, at, bytes.length - at, start + at);
    if (bytesRead === 0) throw new Error('the file ended early');
    at += bytesRead;
  }
  return values;
}

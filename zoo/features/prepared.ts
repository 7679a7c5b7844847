import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { geometryKey, type Geometry } from '../preprocess/input-spec.js';
import { PREPROCESSING_VERSION, type OpenedImage } from '../preprocess/prepare.js';

/** What a file of prepared pixels holds: the buffers follow in this order. */
const headerSchema = z.object({
  version: z.string(),
  parts: z.array(z.object({ key: z.string(), bytes: z.int().nonnegative(), crc: z.int() })),
});
type Header = z.infer<typeof headerSchema>;

const LENGTH_BYTES = 4;

const fileOf = (folder: string, sha256: string): string => path.join(folder, `${sha256}.pixels`);

/**
 * Keeps a picture's pixels as networks want them, of a decode that was made for something else. A file that is there has all of its
 * bytes, or is seen not to when it is read.
 *
 * @param geometries each once
 * @returns bytes written
 */
export async function keepPrepared(
  folder: string,
  sha256: string,
  opened: Pick<OpenedImage, 'toRgb'>,
  geometries: readonly Geometry[],
): Promise<number> {
  const buffers = await Promise.all(geometries.map((geometry) => opened.toRgb(geometry)));
  const parts = geometries.map((geometry, i) => {
    const buffer = buffers[i] as Uint8Array;
    return { key: geometryKey(geometry), bytes: buffer.length, crc: crc32(buffer) };
  });
  const header = Buffer.from(JSON.stringify({ version: PREPROCESSING_VERSION, parts } satisfies Header));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(header.length);
  await mkdir(folder, { recursive: true });
  const file = fileOf(folder, sha256);
  const draft = `${file}.${randomUUID()}.tmp`;
  const whole = Buffer.concat([length, header, ...buffers]);
  await writeFile(draft, whole);
  await rename(draft, file);
  return whole.length;
}

function parse(file: Buffer): Map<string, Uint8Array> | null {
  if (file.length < LENGTH_BYTES) return null;
  const start = LENGTH_BYTES + file.readUInt32LE();
  if (start > file.length) return null;
  const { version, parts } = headerSchema.parse(JSON.parse(file.toString('utf8', LENGTH_BYTES, start)));
  if (version !== PREPROCESSING_VERSION) return null;
  const found = new Map<string, Uint8Array>();
  let at = start;
  for (const { key, bytes, crc } of parts) {
    const buffer = file.subarray(at, at + bytes);
    if (buffer.length !== bytes || crc32(buffer) !== crc) return null;
    found.set(key, buffer);
    at += bytes;
  }
  return found;
}

/**
 * The kept pixels of a picture, in the order of `geometries`; null where one of them is not there, is of another version, or is not as
 * it was written: then the picture is to be decoded.
 */
export async function readPrepared(
  folder: string,
  sha256: string,
  geometries: readonly Geometry[],
): Promise<Uint8Array[] | null> {
  try {
    const found = parse(await readFile(fileOf(folder, sha256)));
    const wanted = geometries.flatMap((geometry) => found?.get(geometryKey(geometry)) ?? []);
    return wanted.length === geometries.length ? wanted : null;
  } catch {
    return null;
  }
}

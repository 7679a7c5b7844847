import { readFile } from 'node:fs/promises';
import { LIMITS } from '../config/settings.js';
import { readZip } from './read-zip.js';

/** A file that the HTTP layer has put on disk. */
export interface UploadedFile {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
}

export type UploadEntry =
  | { kind: 'file'; file: string; bytes: Buffer }
  | { kind: 'rejected'; file: string; reason: string; detail: string };

const isZip = (head: Buffer): boolean => head.length >= 4 && head.readUInt32LE(0) === 0x04034b50;

/** The pictures in one uploaded file: itself, or what a zip holds. Whether they are pictures is judged by the run. */
export async function* readUpload(file: UploadedFile): AsyncIterable<UploadEntry> {
  if (file.name.toLowerCase().endsWith('.zip')) {
    yield* readZip(file);
    return;
  }
  if (file.bytes > LIMITS.maxUploadBytes) {
    yield {
      kind: 'rejected',
      file: file.name,
      reason: 'too-large',
      detail: `${file.bytes} bytes; the limit is ${LIMITS.maxUploadBytes}`,
    };
    return;
  }
  const bytes = await readFile(file.path);
  if (isZip(bytes)) yield* readZip(file);
  else yield { kind: 'file', file: file.name, bytes };
}

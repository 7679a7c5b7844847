import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { LIMITS } from '../../config/settings.js';
import { readZip } from '../../projects/read-zip.js';

/** A file that was unpacked. */
export interface UnpackedFile {
  /** Where it was written. Under a number: no name of an archive ever becomes a path. */
  readonly path: string;
  /** Its path in the archive. */
  readonly name: string;
  readonly bytes: number;
}

export interface Unpacked {
  readonly files: UnpackedFile[];
  readonly skipped: { readonly name: string; readonly reason: string }[];
}

/** A path that stays inside: relative, without `..`, with `/` between its parts; null for any other. */
export function safeEntryName(name: string): string | null {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (name.startsWith('/') || /[\\\0]|^[a-z]:/i.test(name) || parts.includes('..')) return null;
  return parts.length === 0 ? null : parts.join('/');
}

function refusal(
  { type, size }: Header,
  name: string | null,
  seen: { entries: number; bytes: number },
): string | null {
  if (name === null) return 'unsafe-path';
  if (type !== 'file' && type !== 'contiguous-file') return 'not-a-file';
  if (size > LIMITS.maxUploadBytes) return 'too-large';
  if (seen.entries >= LIMITS.maxZipEntries || seen.bytes + size > LIMITS.maxUnpackedBytes)
    return 'archive-too-large';
  return null;
}

/** Unpacks a tar (gzipped or not) into a folder. Bounds: entries, bytes an entry, bytes in all. */
export async function unpackTar(archive: string, folder: string): Promise<Unpacked> {
  await mkdir(folder, { recursive: true });
  const out: Unpacked = { files: [], skipped: [] };
  const seen = { entries: 0, bytes: 0 };
  const tar = extract();
  const source = createReadStream(archive);
  const reading = /\.t?gz$/i.test(archive) ? pipeline(source, createGunzip(), tar) : pipeline(source, tar);
  reading.catch(() => undefined); // told by the loop below, which reads the same stream
  for await (const entry of tar) {
    const { header } = entry;
    const name = safeEntryName(header.name);
    const reason = refusal(header, name, seen);
    if (reason !== null || name === null) {
      if (header.type !== 'directory')
        out.skipped.push({ name: header.name, reason: reason ?? 'unsafe-path' });
      entry.resume();
      continue;
    }
    const path = join(folder, String(seen.entries++));
    await pipeline(entry, createWriteStream(path));
    seen.bytes += header.size ?? 0;
    out.files.push({ path, name, bytes: header.size ?? 0 });
  }
  await reading;
  return out;
}

/** Unpacks a zip into a folder, within the bounds of uploads. */
export async function unpackZip(archive: string, folder: string): Promise<Unpacked> {
  await mkdir(folder, { recursive: true });
  const out: Unpacked = { files: [], skipped: [] };
  for await (const entry of readZip({ path: archive, name: archive, bytes: 0 })) {
    const name = safeEntryName(entry.file);
    if (entry.kind === 'rejected' || name === null) {
      out.skipped.push({
        name: entry.file,
        reason: entry.kind === 'rejected' ? entry.reason : 'unsafe-path',
      });
      continue;
    }
    const path = join(folder, String(out.files.length));
    await writeFile(path, entry.bytes);
    out.files.push({ path, name, bytes: entry.bytes.length });
  }
  return out;
}

/** Writes a tar of an export out as files below a folder. @throws Error when a path would leave it */
export async function writeFolders(tarStream: AsyncIterable<Uint8Array>, folder: string): Promise<number> {
  const tar = extract();
  const reading = pipeline(tarStream, tar);
  reading.catch(() => undefined);
  let files = 0;
  for await (const entry of tar) {
    const name = safeEntryName(entry.header.name);
    if (name === null)
      throw new Error(`The archive holds the unsafe path ${JSON.stringify(entry.header.name)}.`);
    const path = join(folder, ...name.split('/'));
    await mkdir(join(path, '..'), { recursive: true });
    await pipeline(entry, createWriteStream(path));
    files += 1;
  }
  await reading;
  return files;
}

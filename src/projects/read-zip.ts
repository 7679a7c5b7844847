import { basename } from 'node:path/posix';
import { buffer } from 'node:stream/consumers';
import { Transform, type Readable } from 'node:stream';
import { promisify } from 'node:util';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { LIMITS } from '../config/settings.js';
import { isStorable } from '../http/storable-text.pipe.js';
import type { UploadedFile, UploadEntry } from './read-upload.js';

const openZip = promisify<string, yauzl.Options, ZipFile>(yauzl.open);

/** Files that archivers add and nobody means: left out without a word. */
const isClutter = (path: string): boolean =>
  path.endsWith('/') ||
  path.startsWith('__MACOSX/') ||
  basename(path).startsWith('.') ||
  basename(path) === 'Thumbs.db';

/** yauzl refuses `..`, absolute paths and backslashes itself; links are refused here. Nothing is written under an entry's name. */
const isLink = (entry: Entry): boolean => ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000;

const rejected = (file: string, reason: string, detail: string): UploadEntry => ({
  kind: 'rejected',
  file,
  reason,
  detail,
});

/**
 * The files in a zip, one at a time and never two in memory. Bounds: entries, bytes an entry, bytes in all; sizes are
 * counted while unpacking, because what the directory of a zip promises may be a lie.
 */
export async function* readZip(upload: UploadedFile): AsyncIterable<UploadEntry> {
  let zip: ZipFile;
  try {
    zip = await openZip(upload.path, { lazyEntries: true, autoClose: false, strictFileNames: true });
  } catch (error) {
    yield rejected(upload.name, 'bad-zip', (error as Error).message);
    return;
  }
  try {
    yield* readEntries(zip, upload.name);
  } catch (error) {
    // A damaged directory ends the archive here; what was read before it stays.
    yield rejected(upload.name, 'bad-zip', (error as Error).message);
  } finally {
    zip.close();
  }
}

async function* readEntries(zip: ZipFile, zipName: string): AsyncIterable<UploadEntry> {
  if (zip.entryCount > LIMITS.maxZipEntries) {
    yield rejected(
      zipName,
      'too-many-entries',
      `${zip.entryCount} entries; the limit is ${LIMITS.maxZipEntries}`,
    );
    return;
  }
  let unpacked = 0;
  for await (const entry of entriesOf(zip)) {
    if (isClutter(entry.fileName)) continue;
    const result = await readEntry(zip, entry);
    if (result.kind === 'file') unpacked += result.bytes.length;
    if (unpacked > LIMITS.maxUnpackedBytes) {
      yield rejected(
        zipName,
        'zip-bomb',
        `It unpacks to more than ${LIMITS.maxUnpackedBytes} bytes; the rest is left out`,
      );
      return;
    }
    yield result;
  }
}

async function* entriesOf(zip: ZipFile): AsyncIterable<Entry> {
  for (;;) {
    const entry = await nextEntry(zip);
    if (!entry) return;
    yield entry;
  }
}

function nextEntry(zip: ZipFile): Promise<Entry | null> {
  return new Promise((resolve, reject) => {
    const settle = (action: () => void): void => {
      zip.removeListener('entry', onEntry).removeListener('end', onEnd).removeListener('error', onError);
      action();
    };
    const onEntry = (entry: Entry): void => settle(() => resolve(entry));
    const onEnd = (): void => settle(() => resolve(null));
    const onError = (error: Error): void => settle(() => reject(error));
    zip.on('entry', onEntry).on('end', onEnd).on('error', onError);
    zip.readEntry();
  });
}

async function readEntry(zip: ZipFile, entry: Entry): Promise<UploadEntry> {
  const name = entry.fileName;
  if (!isStorable(name)) return rejected(JSON.stringify(name), 'bad-name', 'Its name has a zero byte');
  if (isLink(entry)) return rejected(name, 'link', 'Links are not followed');
  if (entry.isEncrypted()) return rejected(name, 'encrypted', 'Unpack it with its password first');
  if (entry.uncompressedSize > LIMITS.maxUploadBytes) {
    return rejected(
      name,
      'too-large',
      `${entry.uncompressedSize} bytes; the limit is ${LIMITS.maxUploadBytes}`,
    );
  }
  try {
    const stream = await promisify<Entry, Readable>(zip.openReadStream.bind(zip))(entry);
    return {
      kind: 'file',
      file: name,
      bytes: await buffer(stream.pipe(capped(LIMITS.maxUploadBytes, stream))),
    };
  } catch (error) {
    return rejected(name, 'bad-zip', (error as Error).message);
  }
}

function capped(maxBytes: number, source: Readable): Transform {
  let seen = 0;
  const cap = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      done(seen > maxBytes ? new Error(`more than ${maxBytes} bytes`) : null, chunk);
    },
  });
  source.on('error', (error) => cap.destroy(error));
  cap.on('close', () => source.destroy());
  return cap;
}

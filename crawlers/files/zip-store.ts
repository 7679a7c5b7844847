import { Writable, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { finalFailure, type Failure } from '../http/result.js';
import type { LocalPicture, LocalStore } from '../provider.js';
import { sameNameKey } from './category-name.js';
import { byText, looksLikePicture } from './picture-names.js';

/** Far more than any set of pictures has; a directory of millions would only fill memory. */
const MAX_ENTRIES = 200_000;

const openFile = promisify<string, yauzl.Options, ZipFile>(yauzl.open);

const isLink = (entry: Entry): boolean => ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000;

/** yauzl refuses '..', absolute paths and backslashes itself. Encrypted entries are listed, and refused when read. */
function readDirectory(zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  return new Promise((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      if (looksLikePicture(entry.fileName) && !isLink(entry)) entries.set(entry.fileName, entry);
      zip.readEntry();
    });
    zip.on('end', () => resolve(entries)).on('error', reject);
    zip.readEntry();
  });
}

/** A folder names the category: the first of a path, or the second where one folder holds all. */
function categoryTest(paths: readonly string[], category: string): (path: string) => boolean {
  const wanted = sameNameKey(category);
  const outermost = new Set(paths.map((path) => path.split('/')[0]));
  return (path) => {
    const [first = '', second = '', ...rest] = path.split('/');
    if (second !== '' && sameNameKey(first) === wanted) return true;
    return outermost.size === 1 && rest.length > 0 && sameNameKey(second) === wanted;
  };
}

interface OpenArchive {
  zip: ZipFile;
  entries: ReadonlyMap<string, Entry>;
}

/** A zip with one folder a category, read in place: nothing is unpacked to disk, one picture is in memory at a time. */
export class ZipStore implements LocalStore {
  private archive: Promise<OpenArchive> | null = null;
  private closed = false;

  constructor(
    private readonly path: string,
    private readonly maxBytes: number,
  ) {}

  async *list(category: string): AsyncGenerator<LocalPicture> {
    const { entries } = await this.opened();
    const paths = [...entries.keys()].sort(byText);
    const belongs = categoryTest(paths, category);
    for (const path of paths)
      if (belongs(path)) yield { path, bytes: entries.get(path)?.uncompressedSize ?? 0 };
  }

  async read(path: string): Promise<Uint8Array | Failure> {
    try {
      const { zip, entries } = await this.opened();
      const entry = entries.get(path);
      if (!entry) return finalFailure('unreachable', `${path} is not in the archive`);
      return await this.unpack(zip, entry);
    } catch (error) {
      return finalFailure('unreachable', `the archive cannot be read: ${(error as Error).message}`);
    }
  }

  close(): void {
    this.closed = true;
    this.archive?.then(
      ({ zip }) => zip.close(),
      () => undefined,
    );
  }

  private opened(): Promise<OpenArchive> {
    if (this.closed) return Promise.reject(new Error('it was closed'));
    if (this.archive) return this.archive;
    const archive = this.openArchive();
    this.archive = archive;
    // A file that is not there yet may be there at the next try.
    archive.catch(() => (this.archive = null));
    return archive;
  }

  private async openArchive(): Promise<OpenArchive> {
    const zip = await openFile(this.path, { lazyEntries: true, autoClose: false, strictFileNames: true });
    try {
      if (zip.entryCount > MAX_ENTRIES)
        throw new Error(`${zip.entryCount} entries; the limit is ${MAX_ENTRIES}`);
      return { zip, entries: await readDirectory(zip) };
    } catch (error) {
      zip.close();
      throw error;
    }
  }

  private async unpack(zip: ZipFile, entry: Entry): Promise<Uint8Array | Failure> {
    const { fileName, uncompressedSize } = entry;
    if (entry.isEncrypted())
      return finalFailure('unreachable', `${fileName} is encrypted: unpack the archive first`);
    if (uncompressedSize > this.maxBytes)
      return finalFailure(
        'too-large',
        `${fileName} has ${uncompressedSize} bytes, the cap is ${this.maxBytes} bytes`,
      );
    try {
      // yauzl ends the stream with an error as soon as more comes out than the directory said: no bomb gets past the cap.
      const stream = await promisify<Entry, Readable>(zip.openReadStream.bind(zip))(entry);
      return await collect(stream);
    } catch (error) {
      return finalFailure('truncated', `${fileName} is damaged: ${(error as Error).message}`);
    }
  }
}

async function collect(stream: Readable): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  await pipeline(
    stream,
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        chunks.push(chunk);
        done();
      },
    }),
  );
  return Buffer.concat(chunks);
}

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import { ZipFile } from 'yazl';
import type { ExportFile } from './layout.js';

/** Archives of one data set are the same bytes, whenever they are made. */
const MADE_AT = new Date('1980-01-01T00:00:00Z');

const sizeOf = ({ content }: ExportFile): number =>
  'text' in content ? Buffer.byteLength(content.text) : content.bytes;
const streamOf = ({ content }: ExportFile): Readable =>
  'text' in content ? Readable.from([Buffer.from(content.text)]) : content.open();

async function fillTar(tar: Pack, files: AsyncIterable<ExportFile>): Promise<void> {
  for await (const file of files) {
    const entry = tar.entry({ name: file.path, size: sizeOf(file), mtime: MADE_AT, mode: 0o644 });
    await pipeline(streamOf(file), entry);
  }
  tar.finalize();
}

/** A tar of the files, as a stream: never more than one file's chunk in memory. */
export function tarOf(files: AsyncIterable<ExportFile>): Readable {
  const tar = pack();
  fillTar(tar, files).catch((error: unknown) => tar.destroy(error as Error));
  return Readable.from(tar);
}

async function fillZip(zip: ZipFile, files: AsyncIterable<ExportFile>): Promise<void> {
  for await (const file of files) {
    // Pictures are compressed already.
    const options = { mtime: MADE_AT, mode: 0o100644, compress: 'text' in file.content };
    if ('text' in file.content) zip.addBuffer(Buffer.from(file.content.text), file.path, options);
    else
      zip.addReadStreamLazy(file.path, { ...options, size: file.content.bytes }, (done) =>
        done(null, streamOf(file)),
      );
  }
  zip.end();
}

/** A zip of the files, as a stream: files are opened one after the other. */
export function zipOf(files: AsyncIterable<ExportFile>): Readable {
  const zip = new ZipFile();
  const out = zip.outputStream as Readable;
  fillZip(zip, files).catch((error: unknown) => out.destroy(error as Error));
  zip.on('error', (error: Error) => out.destroy(error));
  return out;
}

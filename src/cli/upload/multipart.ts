import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FoundFile } from '../walk.js';

/** A multipart/form-data body that reads its files one after the other, while it is being sent. */
export interface MultipartBody {
  contentType: string;
  body: ReadableStream<Uint8Array>;
}

/** As browsers do it (WHATWG HTML, multipart form data): a quote or a line break would end the header. */
const escapeName = (name: string): string =>
  name.replace(/\n/g, '%0A').replace(/\r/g, '%0D').replace(/"/g, '%22');

/** A file that can't be opened is left out of the body and reported, so that the others get through. */
export function multipartOf(
  files: readonly FoundFile[],
  onUnreadable: (file: FoundFile) => void,
): MultipartBody {
  const boundary = `graft-${randomUUID()}`;
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: ReadableStream.from(write(files, boundary, onUnreadable)),
  };
}

async function* write(
  files: readonly FoundFile[],
  boundary: string,
  onUnreadable: (file: FoundFile) => void,
): AsyncGenerator<Uint8Array> {
  for (const file of files) {
    const handle = await open(file.path).catch(() => null);
    if (!handle) {
      onUnreadable(file);
      continue;
    }
    const disposition = `form-data; name="files"; filename="${escapeName(file.name)}"`;
    const type = 'Content-Type: application/octet-stream';
    yield Buffer.from(`--${boundary}\r\nContent-Disposition: ${disposition}\r\n${type}\r\n\r\n`);
    for await (const chunk of handle.createReadStream()) yield chunk as Uint8Array; // the stream closes the handle
    yield Buffer.from('\r\n');
  }
  yield Buffer.from(`--${boundary}--\r\n`);
}

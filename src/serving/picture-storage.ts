import type { Request } from 'express';
import type { StorageEngine } from 'multer';
import { PREDICT_LIMITS } from '../config/predict-limits.js';
import { GraftError } from '../runs/errors.js';

type Callback = (error?: unknown, info?: Partial<Express.Multer.File>) => void;

/** Keeps the parts of a form in memory, all of them together up to a limit: they are gone with the request. */
export class PictureStorage implements StorageEngine {
  private readonly bytes = new WeakMap<Request, number>();

  _handleFile(request: Request, file: Express.Multer.File, done: Callback): void {
    const chunks: Buffer[] = [];
    file.stream.on('data', (chunk: Buffer) => {
      const total = (this.bytes.get(request) ?? 0) + chunk.length;
      this.bytes.set(request, total);
      if (total <= PREDICT_LIMITS.maxFormBytes) chunks.push(chunk);
      else chunks.length = 0; // the rest is read and forgotten
    });
    file.stream.once('error', done);
    file.stream.once('end', () => {
      if ((this.bytes.get(request) ?? 0) > PREDICT_LIMITS.maxFormBytes) return done(formTooLarge());
      const buffer = Buffer.concat(chunks);
      done(null, { buffer, size: buffer.length });
    });
  }

  _removeFile(_request: Request, _file: Express.Multer.File, done: (error: Error | null) => void): void {
    done(null); // nothing was written anywhere
  }
}

/** How predict requests read forms. */
export const PICTURE_FORM = {
  storage: new PictureStorage(),
  limits: {
    fileSize: PREDICT_LIMITS.maxPictureBytes,
    files: PREDICT_LIMITS.maxPictures,
    fields: 0,
    parts: PREDICT_LIMITS.maxPictures,
  },
  defParamCharset: 'utf8',
} as const;

const formTooLarge = (): GraftError =>
  new GraftError({
    code: 'too-large',
    message: `The pictures of the form have more than ${PREDICT_LIMITS.maxFormBytes} bytes in all.`,
    fix: 'Send them in several requests.',
    status: 413,
  });

import { readFile } from 'node:fs/promises';
import { noPicture, type EncodedPicture } from './predict.js';

/** The pictures of a predict request: the parts of a form (on disk or in memory), or the raw body. @throws GraftError */
export async function picturesOf(
  body: unknown,
  files: readonly Express.Multer.File[] | undefined,
  contentType: string | undefined,
): Promise<EncodedPicture[]> {
  if (files?.length) {
    return Promise.all(
      files.map(async (file) => ({
        file: file.originalname,
        bytes: file.buffer ?? (await readFile(file.path)),
      })),
    );
  }
  if (Buffer.isBuffer(body) && body.length > 0) return [{ file: null, bytes: body }];
  throw noPicture(contentType);
}

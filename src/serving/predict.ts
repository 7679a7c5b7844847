import type { OpenPackage } from '../../zoo/index.js';
import { ImageError } from '../../zoo/index.js';
import type { PredictResponse } from '../http/api.js';
import { GraftError } from '../runs/errors.js';

export interface EncodedPicture {
  readonly file: string | null;
  readonly bytes: Uint8Array;
}

export const noPicture = (contentType: string | undefined): GraftError =>
  new GraftError({
    code: 'no-picture',
    message: `The request has no picture (content type ${contentType ?? 'not given'}).`,
    fix: 'Send the bytes as the body with content type image/jpeg or application/octet-stream, or multipart/form-data with a file.',
  });

/** Predicts pictures with an open package. @throws GraftError 422 naming the picture that cannot be read */
export async function predictPictures(
  model: OpenPackage,
  pictures: readonly EncodedPicture[],
): Promise<PredictResponse['predictions']> {
  try {
    const predictions = await model.predict(pictures.map((picture) => picture.bytes));
    return predictions.map((prediction, index) => ({ file: pictures[index]?.file ?? null, ...prediction }));
  } catch (error) {
    if (error instanceof ImageError) throw badPicture(error);
    throw error;
  }
}

const badPicture = (error: ImageError): GraftError =>
  new GraftError({
    code: 'bad-picture',
    message: `A picture cannot be read: ${error.message}`,
    fix: 'Send a whole JPEG, PNG, WebP, GIF, TIFF or AVIF picture.',
    status: 422,
  });

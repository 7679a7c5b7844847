import type { Request } from 'express';
import { predictBodySchema, type PredictBody } from '../http/api/predict.js';
import { invalidRequest } from '../http/invalid-request.js';
import { GraftError } from '../runs/errors.js';
import type { UrlPictures } from './url-pictures.js';

/** A picture or text of a request, or why it cannot be had. */
export type PictureInput =
  | { readonly file: string | null; readonly bytes: Uint8Array }
  | { readonly file: string | null; readonly error: { readonly code: string; readonly message: string } };

/**
 * The pictures of a predict request, in whichever form they were sent: the parts of a form, the raw body, or JSON with base64
 * or addresses. What is wrong with one of them is told of that one.
 * @throws GraftError when the request as a whole is wrong
 */
export async function picturesOf(request: Request, urls: UrlPictures): Promise<PictureInput[]> {
  const { files } = request;
  const body: unknown = request.body;
  if (Array.isArray(files) && files.length > 0)
    return files.map((file) => ({ file: file.originalname, bytes: file.buffer }));
  if (Buffer.isBuffer(body) && body.length > 0) return [{ file: null, bytes: body }];
  const contentType = request.headers['content-type'];
  if (!/^application\/json\b/i.test(contentType ?? '')) throw noPicture(contentType);
  const parsed = predictBodySchema.safeParse(body);
  if (!parsed.success) throw invalidRequest(parsed.error);
  return picturesOfJson(parsed.data, urls);
}

async function picturesOfJson(
  { image, images = [], url, urls = [], text, texts = [] }: PredictBody,
  fetcher: UrlPictures,
): Promise<PictureInput[]> {
  const encoded = image === undefined ? images : [image, ...images];
  const addresses = url === undefined ? urls : [url, ...urls];
  const written = text === undefined ? texts : [text, ...texts];
  return [
    ...encoded.map(fromBase64),
    ...(await fetcher.fetchAll(addresses)),
    ...written.map((one): PictureInput => ({ file: null, bytes: Buffer.from(one) })),
  ];
}

const DATA_URL = /^data:[^,]{0,200},/i;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

function fromBase64(text: string): PictureInput {
  const head = DATA_URL.exec(text)?.[0] ?? '';
  const data = text.slice(head.length).replaceAll(/\s+/g, '');
  const declared = head === '' || /;base64,$/i.test(head);
  if (!declared || !BASE64.test(data)) {
    const message = declared ? 'The text is not base64.' : 'The data: URL is not in base64.';
    return { file: null, error: { code: 'bad-base64', message } };
  }
  return { file: null, bytes: Buffer.from(data, 'base64') };
}

const noPicture = (contentType: string | undefined): GraftError =>
  new GraftError({
    code: 'no-picture',
    message: `The request has no picture (content type ${contentType?.slice(0, 100) ?? 'not given'}).`,
    fix: 'Send the bytes as the body with content type image/jpeg or application/octet-stream, multipart/form-data with files, or JSON with image or url.',
  });

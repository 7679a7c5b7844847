import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { json, raw, type RequestHandler } from 'express';
import { PREDICT_LIMITS } from '../config/predict-limits.js';

const isForm = (type: string): boolean => /^multipart\//i.test(type);
const isJson = (type: string): boolean => /^application\/json\b/i.test(type);

/** Reads the bodies of predict requests that are no form: JSON as such, all else as the bytes of a picture, whatever its sender calls it. */
export const pictureBodies = (): RequestHandler[] => [
  json({ limit: PREDICT_LIMITS.maxJsonBytes, type: ({ headers }) => isJson(headers['content-type'] ?? '') }),
  raw({
    limit: PREDICT_LIMITS.maxPictureBytes,
    type: ({ headers }) => {
      const type = headers['content-type'] ?? 'application/octet-stream';
      return !isForm(type) && !isJson(type);
    },
  }),
];

/** Where a listening application can be reached from this machine. */
export function urlOf(app: INestApplication): string {
  const { address, port, family } = (app.getHttpServer() as { address(): AddressInfo }).address();
  const anywhere = address === '0.0.0.0' || address === '::';
  const host = anywhere ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
  return `http://${host}:${port}`;
}

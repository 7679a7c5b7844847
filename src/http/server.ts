import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { raw, type RequestHandler } from 'express';
import { LIMITS } from '../config/settings.js';

/** Reads bodies that are neither JSON nor a form as the bytes of a picture, whatever their sender calls them. */
export const rawPictures = (): RequestHandler =>
  raw({
    limit: LIMITS.maxPredictBytes,
    type: ({ headers }) =>
      !/^(multipart\/|application\/json)/i.test(headers['content-type'] ?? 'application/octet-stream'),
  });

/** Where a listening application can be reached from this machine. */
export function urlOf(app: INestApplication): string {
  const { address, port, family } = (app.getHttpServer() as { address(): AddressInfo }).address();
  const anywhere = address === '0.0.0.0' || address === '::';
  const host = anywhere ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
  return `http://${host}:${port}`;
}

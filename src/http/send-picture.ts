import type { Response } from 'express';
import { sniffImageMime } from '../../crawlers/index.js';

/** Answers with a stored picture. A crawled or uploaded SVG or HTML page must never run as a page of this service. */
export function sendPicture(response: Response, bytes: Buffer): void {
  const mime = sniffImageMime(bytes);
  response.setHeader('content-type', mime && mime !== 'image/svg+xml' ? mime : 'application/octet-stream');
  response.setHeader('content-security-policy', "default-src 'none'; sandbox");
  response.setHeader('cache-control', 'private, max-age=31536000, immutable');
  response.send(bytes);
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import sirv from 'sirv';
import { projectRoot } from '../config/version.js';

/** Scripts only from the service itself. Mantine writes its variables into style tags, hence the one exception. */
const POLICY = [
  "default-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'self'",
].join('; ');

const NOT_BUILT = 'The dashboard is not built. Run `npm run build`, then start the service again.\n';

/**
 * Serves the built dashboard at every path that is neither the API's nor `/metrics`. Its files hold nobody's data, so they go out before any check
 * of who asks: a link to a page of the dashboard works from anywhere.
 */
export function dashboard(folder = join(projectRoot(), 'dist', 'web')): RequestHandler {
  const serve = existsSync(folder) ? filesOf(folder) : notBuilt;
  return (request, response, next) => {
    const isPage = request.method === 'GET' || request.method === 'HEAD';
    if (isPage && !/^\/(api|metrics)(\/|$)/.test(request.path)) serve(request, response, next);
    else next();
  };
}

function filesOf(folder: string): RequestHandler {
  return sirv(folder, {
    single: true,
    gzip: true,
    brotli: true,
    etag: true,
    setHeaders: (response, path) => {
      response.setHeader('content-security-policy', POLICY);
      response.setHeader('x-content-type-options', 'nosniff');
      response.setHeader('referrer-policy', 'same-origin');
      response.setHeader('permissions-policy', 'camera=(self), microphone=(), geolocation=()');
      // Files under assets/ have a hash of their contents in their name.
      const cache = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
      response.setHeader('cache-control', cache);
    },
  });
}

const notBuilt: RequestHandler = (_request, response) => {
  response.status(503).type('text/plain').send(NOT_BUILT);
};

import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { Problem } from './api.js';

const LOOPBACK_NAMES = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;
const isLoopback = (address: string | undefined): boolean => /^(::1$|127\.|::ffff:127\.)/.test(address ?? '');

/**
 * Keeps web pages from driving the service on the machine of their reader. A service reached over loopback answers only to
 * loopback names (else a page could point a name of its own at 127.0.0.1: DNS rebinding), and a request that a browser marks as
 * coming from another origin is refused (else a form on any page could upload pictures or start runs).
 */
export function refuseCrossSite(): RequestHandler {
  return (request, response, next) => {
    const host = request.headers.host ?? '';
    if (isLoopback(request.socket.localAddress) && !LOOPBACK_NAMES.test(host)) {
      refuse(
        response,
        `The service on this machine does not answer as ${host}.`,
        'Use 127.0.0.1 or localhost.',
      );
    } else if (isForeign(request, host)) {
      refuse(
        response,
        `Pages of ${request.headers.origin} may not use this service.`,
        'Open the page from the service itself.',
      );
    } else next();
  };
}

function isForeign({ headers }: Request, host: string): boolean {
  if (headers['sec-fetch-site'] === 'cross-site') return true;
  const { origin } = headers;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}

function refuse(response: Response, detail: string, fix: string): void {
  const problem: Problem = {
    type: 'about:blank',
    title: 'Cross-site request',
    status: 403,
    detail,
    code: 'cross-site',
    fix,
    requestId: randomUUID(),
  };
  response.status(403).setHeader('content-type', 'application/problem+json').send(JSON.stringify(problem));
}

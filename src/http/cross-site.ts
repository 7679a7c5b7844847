import type { Request, RequestHandler, Response } from 'express';
import { sendProblem } from './problem.js';

const LOOPBACK_NAMES = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;
const isLoopback = (address: string | undefined): boolean => /^(::1$|127\.|::ffff:127\.)/.test(address ?? '');

/** What is trusted beside loopback. */
export interface Trusted {
  /** Names of the service behind a reverse proxy, without a port. */
  readonly hosts?: readonly string[];
  /** Origins whose pages may call it. */
  readonly origins?: readonly string[];
}

const nameOf = (host: string): string => host.replace(/:\d+$/, '').toLowerCase();

/**
 * Keeps web pages from driving the service on the machine of their reader. A service reached over loopback answers only to
 * loopback names (else a page could point a name of its own at 127.0.0.1: DNS rebinding), and a request that a browser marks as
 * coming from another origin is refused (else a form on any page could upload pictures or start runs).
 */
export function refuseCrossSite({ hosts = [], origins = [] }: Trusted = {}): RequestHandler {
  return (request, response, next) => {
    const host = request.headers.host ?? '';
    if (
      isLoopback(request.socket.localAddress) &&
      !LOOPBACK_NAMES.test(host) &&
      !hosts.includes(nameOf(host))
    ) {
      refuse(
        request,
        response,
        `The service on this machine does not answer as ${host}.`,
        'Use 127.0.0.1 or localhost, or name it in GRAFT_PUBLIC_HOSTS.',
      );
    } else if (isForeign(request, host, origins)) {
      refuse(
        request,
        response,
        `Pages of ${request.headers.origin} may not use this service.`,
        'Open the page from the service itself, or name its origin in GRAFT_CORS_ORIGINS.',
      );
    } else next();
  };
}

function isForeign({ headers }: Request, host: string, origins: readonly string[]): boolean {
  const { origin } = headers;
  if (origin !== undefined && origins.includes(origin)) return false;
  if (headers['sec-fetch-site'] === 'cross-site') return true;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}

function refuse(request: Request, response: Response, detail: string, fix: string): void {
  sendProblem(request, response, {
    title: 'Cross-site request',
    status: 403,
    detail,
    code: 'cross-site',
    fix,
  });
}

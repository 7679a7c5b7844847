import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import type { Env } from '../config/env.js';
import { refuseCrossSite } from '../http/cross-site.js';
import { sendProblem } from '../http/problem.js';
import { requestIdOf, tagRequests } from '../http/request-id.js';
import { answerUnreadable, demandHost } from '../http/unreadable-requests.js';
import { identify, identityOf, LOCAL, type Identity } from './actor.js';
import { KEY_COOKIE } from './session.controller.js';

const MINUTE_MS = 60_000;
/** Requests a minute with a wrong key or none, from one address. */
const MAX_FAILURES = 30;

/** Who is behind a key. */
export interface KeyRing {
  identify(key: string): Promise<Identity | null>;
}

/**
 * What every request passes before any route: a request id, headers of safety, the cross-site guard, who it is, and how much that
 * one may ask. The order matters: nothing is read of a body before.
 *
 * @param keys null where everybody may do everything
 */
export function useDoor(app: NestExpressApplication, env: Env, keys: KeyRing | null): void {
  app.disable('x-powered-by');
  answerUnreadable(app);
  if (env.publicHosts.length > 0) app.set('trust proxy', 'loopback');
  app.use(tagRequests());
  app.use(demandHost());
  if (env.log === 'json') app.use(logRequests());
  app.use(safeHeaders());
  if (env.corsOrigins.length > 0)
    app.enableCors({ origin: env.corsOrigins, exposedHeaders: ['retry-after', 'x-request-id'], maxAge: 600 });
  app.use(refuseCrossSite({ hosts: env.publicHosts, origins: env.corsOrigins }));
  if (keys) app.use(limitFailures());
  app.use(identifyBy(keys));
  if (keys && env.rateLimit > 0) app.use(limitRequests(env.rateLimit));
}

/** A page of this service runs its own scripts only, and no other page may frame it. */
const safeHeaders = (): RequestHandler =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        workerSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        formAction: ["'self'"],
      },
    },
    strictTransportSecurity: false, // for the proxy in front to say: this service speaks plain HTTP
  });

function identifyBy(keys: KeyRing | null): RequestHandler {
  return (request, _response, next) => {
    const key = keyOf(request);
    if (!keys) {
      identify(request, LOCAL);
      return next();
    }
    if (key === null) return next();
    keys.identify(key).then((identity) => {
      if (identity) identify(request, identity);
      next();
    }, next);
  };
}

/** From the header, or the cookie that a page of this service was given. */
function keyOf({ headers }: Request): string | null {
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer) return bearer;
  const cookies = (headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith(`${KEY_COOKIE}=`))?.slice(KEY_COOKIE.length + 1) ?? null;
}

function tooMany(request: Request, response: Response): void {
  response.setHeader('retry-after', MINUTE_MS / 1000);
  sendProblem(request, response, {
    title: 'Too many requests',
    status: 429,
    detail: 'More requests than one client may send in a minute.',
    code: 'rate-limit',
    fix: 'Wait as long as the header Retry-After says; GRAFT_RATE_LIMIT sets the limit.',
  });
}

const addressOf = (request: Request): string => ipKeyGenerator(request.ip ?? '');

const limitRequests = (limit: number): RequestHandler =>
  rateLimit({
    windowMs: MINUTE_MS,
    limit,
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    keyGenerator: (request) => identityOf(request)?.name ?? addressOf(request),
    handler: tooMany,
  });

/** Whoever tries keys is soon told to wait, before the next one is looked up. */
const limitFailures = (): RequestHandler =>
  rateLimit({
    windowMs: MINUTE_MS,
    limit: MAX_FAILURES,
    standardHeaders: false,
    legacyHeaders: false,
    keyGenerator: addressOf,
    skipSuccessfulRequests: true,
    requestWasSuccessful: (_request, response) => response.statusCode !== 401,
    handler: tooMany,
  });

/** One line a request, without its query, its headers and its body: none of them may end up in a log. */
function logRequests(): RequestHandler {
  const log = new Logger('Requests');
  return (request: Request, response: Response, next: NextFunction) => {
    const startedAtMs = performance.now();
    const path = request.path;
    response.once('close', () => {
      const ms = Math.round(performance.now() - startedAtMs);
      const status = response.writableFinished ? response.statusCode : 499;
      const actor = identityOf(request)?.name ?? null;
      log.log({ requestId: requestIdOf(request), method: request.method, path, status, ms, actor });
    });
    next();
  };
}

/** For a server without routes of different scopes: all but its health wants a key. */
export const demandKey = (): RequestHandler => (request, response, next) => {
  if (identityOf(request) || request.path === '/api/health') return next();
  sendProblem(request, response, {
    title: 'Key demanded',
    status: 401,
    detail: 'This server wants an API key, and the request has none that is valid.',
    code: 'key-demanded',
    fix: 'Send it as `Authorization: Bearer ...`: it is the one that GRAFT_KEY holds on the server.',
  });
};

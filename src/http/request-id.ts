import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { isKey } from '../access/key.js';

const ids = new WeakMap<object, string>();
const GIVEN = /^[\w-]{8,64}$/;

/** Gives every request an id, for logs and error messages; one that a proxy gave is kept. */
export const tagRequests = (): RequestHandler => (request, response, next) => {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && GIVEN.test(given) && !isKey(given) ? given : randomUUID();
  ids.set(request, id);
  response.setHeader('x-request-id', id);
  next();
};

export function requestIdOf(request: Request): string {
  const id = ids.get(request) ?? randomUUID();
  ids.set(request, id);
  return id;
}

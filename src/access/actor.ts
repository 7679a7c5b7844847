import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Scope } from '../http/api/access.js';

/** Who sent a request, as the access guard found out. */
export interface Identity {
  /** Name of the key, or `local` where no key is demanded. */
  readonly name: string;
  readonly scopes: readonly Scope[];
}

const identities = new WeakMap<Request, Identity>();

/** The one on this machine, whom nobody asks for a key. */
export const LOCAL: Identity = { name: 'local', scopes: ['admin'] };

export const identify = (request: Request, identity: Identity): void =>
  void identities.set(request, identity);
export const identityOf = (request: Request): Identity | null => identities.get(request) ?? null;

/** Name of whoever sent the request, for histories and logs. */
export const Actor = createParamDecorator(
  (_data: unknown, context: ExecutionContext): string =>
    identityOf(context.switchToHttp().getRequest<Request>())?.name ?? LOCAL.name,
);

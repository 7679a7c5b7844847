import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { GraftError } from '../runs/errors.js';
import { identityOf } from './actor.js';
import { AuditLog } from './audit-log.js';
import { allows, NEED, READS, type Need } from './scopes.js';

/** Lets a request through to its route if whoever sent it may use that. Acts that need `admin` are written down, refused ones too. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly audit: AuditLog,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    const need = this.needOf(context, request.method);
    if (need === 'admin' && request.method !== 'GET') this.audit.follow(request, response);
    const identity = identityOf(request);
    if (need === 'nothing') return true;
    if (!identity) throw keyDemanded();
    if (!allows(identity.scopes, need)) throw notAllowed(need);
    return true;
  }

  private needOf(context: ExecutionContext, method: string): Need {
    const targets = [context.getHandler(), context.getClass()];
    const need = this.reflector.getAllAndOverride<Need | undefined>(NEED, targets);
    if (need) return need;
    const reads = this.reflector.get<boolean | undefined>(READS, context.getClass());
    return reads && method === 'GET' ? 'read' : 'admin';
  }
}

const keyDemanded = (): GraftError =>
  new GraftError({
    code: 'key-demanded',
    message: 'This service wants an API key, and the request has none that is valid.',
    fix: 'Send it as `Authorization: Bearer graft_...`; `npx graft keys create` makes one.',
    status: 401,
  });

const notAllowed = (need: Need): GraftError =>
  new GraftError({
    code: 'scope-missing',
    message: `The key may not do this: it needs the scope ${need}.`,
    fix: 'Use a key with that scope; `npx graft keys list` shows what each may do.',
    status: 403,
  });

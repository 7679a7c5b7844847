import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import type { Scope } from '../http/api/access.js';

/** What a route needs: a scope, or nothing at all. */
export type Need = Scope | 'nothing';

export const NEED = 'graft:need';
export const READS = 'graft:reads';

/** What whoever calls the route must be allowed. A route that says nothing needs `admin`. */
export const Needs = (need: Need): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(NEED, need), ...(need === 'nothing' ? [] : [ApiBearerAuth()]));

/** The GETs of a controller need `read`; its other routes still need `admin`, unless they say otherwise. */
export const GetsNeedRead = (): ClassDecorator => applyDecorators(SetMetadata(READS, true), ApiBearerAuth());

/** Whether scopes are enough for a route. */
export const allows = (scopes: readonly Scope[], need: Need): boolean =>
  need === 'nothing' || scopes.includes('admin') || scopes.includes(need);

import type { Request } from 'express';

/** The pattern of the route that answers a request, such as `/api/projects/:projectId`; null before one was found. */
export const routeOf = (request: Request): string | null =>
  (request.route as { path?: string } | undefined)?.path ?? null;

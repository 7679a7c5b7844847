import type { ZodError } from 'zod';
import { GraftError } from '../runs/errors.js';

/** What is wrong with a request's shape, field by field. */
export const invalidRequest = (error: ZodError): GraftError =>
  new GraftError({
    code: 'invalid-request',
    message: error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; '),
    fix: 'See /api/docs for the shape.',
    status: 400,
  });

import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ZodValidationException } from 'nestjs-zod';
import type { ZodError } from 'zod';
import { CategoryNamesError } from '../dataset/split/check-categories.js';
import { GraftError } from '../runs/errors.js';
import { invalidRequest } from './invalid-request.js';
import { sendProblem, type ProblemDraft as Draft } from './problem.js';
import { requestIdOf } from './request-id.js';

/** Turns every error into problem details (RFC 9457). What a person cannot act on is logged under a request id, not shown. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('Http');

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const request = host.switchToHttp().getRequest<Request>();
    const requestId = requestIdOf(request);
    const draft = toProblem(error);
    if (draft.status >= 500) this.log.error({ requestId, method: request.method, path: request.path, error });
    if (response.headersSent) {
      response.destroy(); // half an answer cannot be turned into an error any more
      return;
    }
    if (error instanceof GraftError && error.retryAfterS !== null)
      response.setHeader('retry-after', error.retryAfterS);
    sendProblem(request, response, draft);
  }
}

function toProblem(error: unknown): Draft {
  if (error instanceof GraftError) {
    return {
      title: titleOf(error.code),
      status: error.status,
      detail: error.message,
      code: error.code,
      fix: error.fix,
    };
  }
  if (error instanceof CategoryNamesError) {
    return {
      title: 'Bad categories',
      status: 422,
      detail: error.message,
      code: 'bad-categories',
      fix: 'Name at least two different categories.',
    };
  }
  if (error instanceof ZodValidationException)
    return toProblem(invalidRequest(error.getZodError() as ZodError));
  if (error instanceof HttpException) {
    const code = titleOf(error.name.replace(/Exception$/, ''));
    return {
      title: code,
      status: error.getStatus(),
      detail: error.message,
      code: toCode(error.name),
      fix: null,
    };
  }
  return bodyError(error) ?? internal;
}

const internal: Draft = {
  title: 'Internal error',
  status: 500,
  detail: 'Something went wrong on our side.',
  code: 'internal',
  fix: 'Look for the request id in the log of the service.',
};

/** Errors of body parsers carry a status and a message of their own. */
function bodyError(error: unknown): Draft | null {
  const { status, message, type } = (error ?? {}) as { status?: unknown; message?: unknown; type?: unknown };
  if (typeof status !== 'number' || status < 400 || status > 499 || typeof message !== 'string') return null;
  const code = typeof type === 'string' ? type.replaceAll('.', '-') : 'bad-request';
  return { title: titleOf(code), status, detail: message, code, fix: null };
}

const titleOf = (code: string): string => {
  const words = toCode(code).replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const toCode = (name: string): string =>
  name
    .replace(/Exception$/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();

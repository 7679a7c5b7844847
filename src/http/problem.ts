import type { Request, Response } from 'express';
import type { Problem } from './api.js';
import { requestIdOf } from './request-id.js';

export type ProblemDraft = Omit<Problem, 'type' | 'requestId'>;

/** Answers with problem details (RFC 9457). */
export function sendProblem(request: Request, response: Response, draft: ProblemDraft): void {
  const problem: Problem = { type: 'about:blank', ...draft, requestId: requestIdOf(request) };
  response
    .status(draft.status)
    .setHeader('content-type', 'application/problem+json')
    .send(JSON.stringify(problem));
}

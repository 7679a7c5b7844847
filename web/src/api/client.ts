import createClient from 'openapi-fetch';
import type { Readable } from 'openapi-typescript-helpers';
import type { components, paths } from './schema';

/** The shapes of the API as its answers have them. */
export type Schemas = { [Name in keyof components['schemas']]: Readable<components['schemas'][Name]> };
export type Project = Schemas['ProjectDto'];
export type Run = Schemas['RunDto'];
/** What a project tells apart. */
export type Modality = Project['modality'];
export type Stage = Run['stages'][number];
export type StageName = Stage['stage'];
export type Picture = Schemas['ImagePageDto']['items'][number];
export type Facets = Schemas['FacetsDto'];
export type Trial = Schemas['TrialDto'];
export type Report = Schemas['ReportDto'];
export type Model = Schemas['ModelDto'];
/** Among several pictures one may fail alone. */
type Answer = Schemas['PredictResponseDto']['predictions'][number];
export type Prediction = Extract<Answer, { label: string }>;
export type Decision = Schemas['DecisionDto'];
/** "This was wrong: it is X". */
export type Correction = Schemas['FeedbackViewDto'];
export type Provider = Schemas['ProviderDto'];
export type Backbone = Schemas['BackboneDto'];
export type Problem = Schemas['ProblemDto'];

/** The service, typed by its own OpenAPI document. The page comes from the service, so paths are enough. */
export const api = createClient<paths>({ baseUrl: window.location.origin });

/** What the service says is wrong (RFC 9457), with what to do about it. */
export class ProblemError extends Error {
  override name = 'ProblemError';

  constructor(
    readonly code: string,
    message: string,
    readonly fix: string | null,
    readonly status: number,
  ) {
    super(message);
  }
}

const UNREACHABLE = 'unreachable';
export const isUnreachable = (error: unknown): boolean =>
  error instanceof ProblemError && error.code === UNREACHABLE;

export function toProblem(body: unknown, status: number): ProblemError {
  const { code, detail, fix } = (body ?? {}) as Partial<Problem>;
  return new ProblemError(code ?? 'unknown', detail ?? `HTTP ${status}`, fix ?? null, status);
}

/** The data of an answer. @throws ProblemError saying what is wrong and what to do */
export async function ask<T>(
  request: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await request.catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ProblemError(UNREACHABLE, 'The service does not answer.', null, 0);
  });
  if (error !== undefined || !response.ok) throw toProblem(error, response.status);
  return data as T;
}

export const thumbnailUrl = (sha256: string, size: 96 | 192 | 384): string =>
  `/api/images/${sha256}/thumbnail?size=${size}`;
export const correctionUrl = (feedbackId: string): string => `/api/feedback/${feedbackId}/picture`;
export const contentUrl = (imageId: string): string => `/api/images/${imageId}/content`;

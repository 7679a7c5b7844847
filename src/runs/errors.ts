/**
 * An error a person can do something about. `code` is stable and machine-readable, `fix` says what to do, `status` is the
 * HTTP status the API answers with.
 */
export class GraftError extends Error {
  override name = 'GraftError';
  readonly code: string;
  readonly fix: string | null;
  readonly status: number;
  /** Seconds after which the same may work, for the header Retry-After. */
  readonly retryAfterS: number | null;

  constructor(options: {
    code: string;
    message: string;
    fix?: string;
    status?: number;
    retryAfterS?: number;
    cause?: unknown;
  }) {
    super(options.message, { cause: options.cause });
    this.code = options.code;
    this.fix = options.fix ?? null;
    this.status = options.status ?? 400;
    this.retryAfterS = options.retryAfterS ?? null;
  }
}

export const notFound = (what: string, id: string, fix?: string): GraftError =>
  new GraftError({ code: 'not-found', message: `There is no ${what} ${id}.`, fix, status: 404 });

import type { Problem } from '../http/api.js';
import type { RunView } from '../http/api.js';

/** Exit codes of the command line. */
export const EXIT = Object.freeze({ ok: 0, failed: 1, usage: 2, interrupted: 130 });

export interface CliErrorOptions {
  code: string;
  message: string;
  /** What to do about it. */
  fix?: string | null;
  /** Stage of the run that failed. */
  stage?: string | null;
  exitCode?: number;
  cause?: unknown;
}

/** Every error the command line raises itself; `describeError` turns any other into the same shape. */
export class CliError extends Error {
  override name = 'CliError';
  readonly code: string;
  readonly fix: string | null;
  readonly stage: string | null;
  readonly exitCode: number;

  constructor(options: CliErrorOptions) {
    super(options.message, { cause: options.cause });
    this.code = options.code;
    this.fix = options.fix ?? null;
    this.stage = options.stage ?? null;
    this.exitCode = options.exitCode ?? EXIT.failed;
  }
}

/** The command was asked for something that can't be done: nothing has been started. */
export const usageError = (code: string, message: string, fix: string | null = null): CliError =>
  new CliError({ code, message, fix, exitCode: EXIT.usage });

/** Ctrl-C. `note` tells what becomes of the work and how to go on with it. */
export class InterruptedError extends CliError {
  override name = 'InterruptedError';
  constructor(note: string | null = null) {
    super({ code: 'interrupted', message: 'Interrupted.', fix: note, exitCode: EXIT.interrupted });
  }
}

/** The service answered with problem details. 400, 409 and 422 say that the request was wrong, so nothing was started. */
export function problemError(problem: Problem): CliError {
  const usage = [400, 409, 422].includes(problem.status);
  return new CliError({
    code: problem.code,
    message: problem.detail || problem.title,
    fix: problem.fix,
    exitCode: usage ? EXIT.usage : EXIT.failed,
  });
}

/** A run that ended without a model. */
export function runError(run: RunView): CliError {
  if (run.state === 'cancelled') {
    const fix = `graft resume ${run.id} goes on with it.`;
    return new CliError({
      code: 'cancelled',
      message: `The run ${run.id} was cancelled.`,
      fix,
      stage: run.stage,
    });
  }
  const { code, message, fix, stage } = run.error ?? UNKNOWN;
  const again = `\`npx graft resume ${run.id}\` tries again from there.`;
  return new CliError({
    code,
    message,
    fix: fix === null ? again : `${fix} ${again}`,
    stage: stage ?? run.stage,
  });
}

const UNKNOWN = { code: 'internal', message: 'The run failed without saying why.', fix: null, stage: null };

export interface ErrorReport {
  code: string;
  message: string;
  fix: string | null;
  stage: string | null;
  exitCode: number;
}

const SYSTEM_FIXES: Record<string, string> = {
  ENOSPC: 'Free some disk space, or choose another folder with --data-dir.',
  EACCES: 'Check the permissions of that file or folder, or choose another with --data-dir.',
  EPERM: 'Check the permissions of that file or folder, or choose another with --data-dir.',
  EROFS: 'That file system is read-only: choose another folder with --data-dir.',
  EADDRINUSE: 'Another program listens on that port: choose another with --port.',
  EMFILE: 'Too many files are open: raise the limit with `ulimit -n 4096`.',
};

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Turns anything thrown into a message, what to do about it, and an exit code. The only place that does. */
export function describeError(error: unknown): ErrorReport {
  if (error instanceof CliError) {
    const { code, message, fix, stage, exitCode } = error;
    return { code, message, fix, stage, exitCode };
  }
  if (!(error instanceof Error)) return internal(String(error));
  const { code, fix } = error as { code?: unknown; fix?: unknown };
  const known = text(code);
  if (known && known in SYSTEM_FIXES)
    return { ...internal(error.message), code: known, fix: SYSTEM_FIXES[known] ?? null };
  if (error.name === 'EnvError')
    return { ...internal(error.message), code: 'bad-environment', fix: null, exitCode: EXIT.usage };
  // An error with a name of its own was raised on purpose: its message says what to do.
  if (!ANONYMOUS.has(error.name))
    return { ...internal(error.message), code: known ?? codeOf(error.name), fix: text(fix) };
  return { ...internal(error.message), code: known ?? 'internal' };
}

const ANONYMOUS = new Set([
  'Error',
  'TypeError',
  'RangeError',
  'SyntaxError',
  'ReferenceError',
  'AggregateError',
  'ZodError',
]);

/** `DataFolderHeldError` becomes `data-folder-held`. */
const codeOf = (name: string): string =>
  name
    .replace(/Error$/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();

const internal = (message: string): ErrorReport => ({
  code: 'internal',
  message,
  fix: 'Run it again with GRAFT_DEBUG=true to see where it comes from; `graft doctor` checks the installation.',
  stage: null,
  exitCode: EXIT.failed,
});

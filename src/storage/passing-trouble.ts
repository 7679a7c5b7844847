/** PostgreSQL is stopping, starting, or has no place left for a connection; its disk is full; or two waited for one another. */
const DATABASE = /^(57P0[1-3]|08\w{3}|53\w{3}|40P01)$/;
const SYSTEM: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENOSPC',
  'EDQUOT',
  'EMFILE',
]);
/** What the database driver, the storage client and a child process say without a code. */
const WORDS =
  /ENOSPC|EDQUOT|connection terminated|connection ended|socket hang up|aborted|timeout exceeded|not queryable/i;

/** The worker's clock is wrong. */
const SKEWED = 'RequestTimeTooSkewed';

interface Failure {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/**
 * Whether an error says something about the surroundings of a worker, and nothing about the run: the database restarts, object storage
 * is out of order, the worker's disk is full. Such a run is for another worker, or for later.
 */
export function isPassingTrouble(error: unknown): boolean {
  for (let at = error as Failure | null | undefined; at; at = at.cause as Failure | undefined) {
    const code = typeof at.code === 'string' ? at.code : '';
    if (at.name === SKEWED || DATABASE.test(code) || SYSTEM.has(code)) return true;
    const status = at.$metadata?.httpStatusCode ?? 0;
    if (status >= 500 || status === 429) return true;
    if (typeof at.message === 'string' && WORDS.test(at.message)) return true;
  }
  return false;
}

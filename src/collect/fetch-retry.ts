import { Inject, Injectable } from '@nestjs/common';
import { and, count, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import type { Retried } from '../http/api.js';
import { GraftError } from '../runs/errors.js';
import { copyByCandidate, copyByRun, twins } from '../runs/copy-records.js';
import { RunMachine } from '../runs/run-machine.js';
import { isFinal, STAGES } from '../runs/run.js';
import type { RunRecord } from '../runs/stage.js';
import type { Database, Transaction } from '../storage/database.js';
import { candidates, fetches, fetchRetries, inspections, runs, searches } from '../storage/schema.js';
import { DATABASE } from '../storage/tokens.js';

/** Failures that may be gone by now. */
const MAY_PASS: ReadonlySet<string> = new Set([
  'timeout',
  'unreachable',
  'throttled',
  'truncated',
  'bad-response',
  'http-408',
  'http-425',
]);
const mayPass = (reason: string): boolean => MAY_PASS.has(reason) || /^http-5\d\d$/.test(reason);

/**
 * Fetches the failed pictures of a run again, and nothing else. A run that stopped before its data set was dealt out goes
 * on itself; one that has gone further is left as it is, because its trials and its model rest on its records: a new run
 * gets a copy of what it has found and fetched. The failed records are kept in `fetch_retries` either way.
 */
@Injectable()
export class FetchRetry {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly machine: RunMachine,
  ) {}

  /** @throws GraftError when the run is still going, or has nothing to try again */
  async retry(run: RunRecord, wanted: readonly string[] | undefined): Promise<Retried> {
    if (!isFinal(run.state)) throw stillGoing(run);
    const failed = await this.failedByReason(run.id);
    const chosen = [...failed].filter(([reason]) => wanted?.includes(reason) ?? mayPass(reason));
    if (chosen.length === 0) throw nothingToRetry(run, failed, wanted);
    const reasons = chosen.map(([reason]) => reason);
    const copied = run.state === 'succeeded' || STAGES.indexOf(run.stage) > STAGES.indexOf('split');
    const runId = await this.database.db.transaction((tx) =>
      copied ? copyRun(tx, run, reasons) : reopen(tx, run, reasons),
    );
    await this.machine.enqueue(runId);
    const pictures = chosen.reduce((sum, [, pictures]) => sum + pictures, 0);
    return { runId, copied, pictures, byReason: Object.fromEntries(chosen) };
  }

  private async failedByReason(runId: string): Promise<Map<string, number>> {
    const rows = await this.database.db
      .select({ reason: fetches.reason, pictures: count() })
      .from(fetches)
      .where(and(eq(fetches.runId, runId), isNotNull(fetches.reason)))
      .groupBy(fetches.reason);
    return new Map(rows.map(({ reason, pictures }) => [reason ?? '', pictures]));
  }
}

async function reopen(tx: Transaction, run: RunRecord, reasons: readonly string[]): Promise<string> {
  const failed = and(eq(fetches.runId, run.id), inArray(fetches.reason, [...reasons]));
  await tx.execute(sql`
    insert into ${fetchRetries} (candidate_id, run_id, reason, detail, fetched_at)
    select candidate_id, run_id, reason, detail, fetched_at from ${fetches} where ${failed}`);
  await tx.delete(fetches).where(failed);
  await tx
    .update(runs)
    .set({
      state: 'queued',
      stage: run.stage === 'search' ? 'search' : 'fetch',
      error: null,
      finishedAt: null,
      leaseOwner: null,
      leaseUntil: null,
    })
    .where(eq(runs.id, run.id));
  return run.id;
}

/** A new run of the same project and settings that has already done what the old one did, but for its failed fetches. */
async function copyRun(tx: Transaction, run: RunRecord, reasons: readonly string[]): Promise<string> {
  const { projectId, settings, round } = run;
  const [row] = await tx
    .insert(runs)
    .values({ projectId, settings, round, stage: 'fetch' })
    .returning({ id: runs.id });
  const copy = { from: run.id, to: row?.id ?? '' };
  await copyByRun(tx, candidates, copy);
  await copyByRun(tx, searches, copy);
  const again = sql`r.reason in (${sql.join(
    reasons.map((reason) => sql`${reason}`),
    sql`, `,
  )})`;
  await copyByCandidate(tx, fetches, { ...copy, only: sql`(r.reason is null or not ${again})` });
  await tx.execute(sql`
    insert into ${fetchRetries} (candidate_id, run_id, reason, detail, fetched_at)
    select n.id, ${copy.to}, r.reason, r.detail, r.fetched_at from ${fetches} r ${twins(copy.to)}
    where r.run_id = ${run.id} and ${again}`);
  await copyByCandidate(tx, inspections, copy);
  return copy.to;
}

const stillGoing = (run: RunRecord): GraftError =>
  new GraftError({
    code: 'run-is-going',
    message: `The run ${run.id} is still ${run.state}.`,
    fix: 'Wait for its end, or cancel it.',
    status: 409,
  });

function nothingToRetry(
  run: RunRecord,
  failed: ReadonlyMap<string, number>,
  wanted: readonly string[] | undefined,
): GraftError {
  const what = wanted ? `under ${wanted.join(', ')}` : 'for a reason that may pass';
  const there = [...failed].map(([reason, pictures]) => `${reason} (${pictures})`).join(', ');
  return new GraftError({
    code: 'nothing-to-retry',
    message: `No fetch of the run ${run.id} failed ${what}.`,
    fix: there === '' ? undefined : `Failed fetches by reason: ${there}. Name some with --reason.`,
    status: 422,
  });
}

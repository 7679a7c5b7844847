import { Inject, Injectable, Logger } from '@nestjs/common';
import { CLOCK, INSTANCE, QUEUE, type Clock, type Instance } from '../storage/tokens.js';
import type { JobQueue } from '../jobs/queue.js';
import { GraftError } from './errors.js';
import { createProgressWriter } from './progress-writer.js';
import { STAGES, type RunError, type StageName } from './run.js';
import { RunsRepository } from './runs.repository.js';
import { STAGE_LIST, type RunRecord, type Stage } from './stage.js';

/** A worker that says nothing for this long is taken for dead, and its run is given to another. */
const LEASE_MS = 60_000;
const RENEW_MS = 15_000;

/**
 * Drives runs through their stages. One job does one stage and enqueues the next, so that a crash loses at most the
 * unfinished items of one stage, and runs of different projects take turns.
 */
@Injectable()
export class RunMachine {
  private readonly log = new Logger('Runs');
  private readonly stages: ReadonlyMap<StageName, Stage>;
  private readonly aborts = new Map<string, AbortController>();
  private sweeper: NodeJS.Timeout | null = null;
  private stopping = false;

  constructor(
    private readonly repository: RunsRepository,
    @Inject(QUEUE) private readonly queue: JobQueue,
    @Inject(STAGE_LIST) stages: readonly Stage[],
    @Inject(INSTANCE) private readonly instance: Instance,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.stages = new Map(stages.map((stage) => [stage.name, stage]));
    const missing = STAGES.filter((name) => !this.stages.has(name));
    if (missing.length > 0)
      throw new Error(`No stage class for ${missing.join(', ')}: add it in src/runs/stage-list.ts.`);
    queue.handle('run.advance', ({ runId }) => this.advance(runId));
  }

  /** Picks up what an earlier process left unfinished, and keeps looking for runs whose worker died. */
  async start(): Promise<void> {
    if (this.instance.exclusive) await this.repository.dropAllLeases();
    await this.adoptOrphans(this.instance.exclusive);
    if (!this.instance.exclusive) {
      this.sweeper = setInterval(
        () => void this.adoptOrphans(false).catch((error) => this.log.error(error)),
        LEASE_MS,
      );
      this.sweeper.unref();
    }
  }

  /** Stops the stages in hand at their next safe point; their runs stay unfinished and are resumed at the next start. */
  stop(): void {
    this.stopping = true;
    if (this.sweeper) clearInterval(this.sweeper);
    for (const abort of this.aborts.values()) abort.abort(new Error('shutting down'));
  }

  enqueue(runId: string): Promise<void> {
    return this.queue.send('run.advance', { runId });
  }

  /** Interrupts the stage in hand, if this process has it. */
  interrupt(runId: string): void {
    this.aborts.get(runId)?.abort(new Error('cancelled'));
  }

  private async adoptOrphans(includeAllLeases: boolean): Promise<void> {
    for (const runId of await this.repository.findOrphans(includeAllLeases)) await this.enqueue(runId);
  }

  private async advance(runId: string): Promise<void> {
    if (this.stopping || this.aborts.has(runId)) return;
    if (!(await this.repository.lease(runId, this.instance.id, LEASE_MS))) return;
    const run = await this.repository.find(runId);
    if (!run) return;
    const abort = new AbortController();
    this.aborts.set(runId, abort);
    const renewal = setInterval(() => void this.renew(runId, abort), RENEW_MS);
    try {
      await this.repository.markRunning(runId);
      await this.doStage(run, abort.signal);
    } catch (error) {
      await this.fail(run, error, abort.signal);
    } finally {
      clearInterval(renewal);
      this.aborts.delete(runId);
      await this.repository.release(runId, this.instance.id);
    }
    if (!this.stopping) await this.enqueueNext(runId);
  }

  /** A lease that cannot be renewed means the run was cancelled elsewhere, or given to another worker: stop. */
  private async renew(runId: string, abort: AbortController): Promise<void> {
    const kept = await this.repository.lease(runId, this.instance.id, LEASE_MS).catch(() => true);
    if (!kept) abort.abort(new Error('the run was cancelled'));
  }

  private async enqueueNext(runId: string): Promise<void> {
    const run = await this.repository.find(runId);
    if (run?.state === 'running') await this.enqueue(runId);
  }

  private async doStage(run: RunRecord, signal: AbortSignal): Promise<void> {
    const stage = this.stages.get(run.stage) as Stage;
    const progress = await createProgressWriter(this.repository, run.id, run.stage, this.clock);
    try {
      const categories = await this.repository.categoriesOf(run.projectId);
      const outcome = await stage.run({ run, categories, signal, progress: progress.report });
      await progress.finish('done');
      await this.moveOn(run, outcome);
    } catch (error) {
      await progress.finish(signal.aborted ? 'running' : 'failed');
      throw error;
    }
  }

  private async moveOn(run: RunRecord, outcome: 'done' | 'next-round'): Promise<void> {
    if (outcome === 'next-round') return this.repository.moveTo(run.id, 'search', run.round + 1);
    const next = STAGES[STAGES.indexOf(run.stage) + 1];
    if (next) return this.repository.moveTo(run.id, next, run.round);
    return this.repository.finish(run.id, 'succeeded', null);
  }

  private async fail(run: RunRecord, error: unknown, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return; // cancelled (already final) or shutting down (resumed at the next start)
    if (!(error instanceof GraftError)) this.log.error(error);
    await this.repository.finish(run.id, 'failed', toRunError(error, run.stage));
  }
}

function toRunError(error: unknown, stage: StageName): RunError {
  if (error instanceof GraftError) return { code: error.code, message: error.message, fix: error.fix, stage };
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    message,
    fix: 'Resume the run; if it fails again, report it with the log of the service.',
    stage,
  };
}

import { Inject, Injectable, Logger } from '@nestjs/common';
import { StageOverError } from '../storage/lock-stage.js';
import { CLOCK, ENV, INSTANCE, QUEUE, type Clock, type Instance } from '../storage/tokens.js';
import type { Env } from '../config/env.js';
import type { JobQueue, QueueName, RunJob } from '../jobs/queue.js';
import { GraftError } from './errors.js';
import { LANES } from './lanes.js';
import { isPassingTrouble } from '../storage/passing-trouble.js';
import { createProgressWriter } from './progress-writer.js';
import { STAGES, type RunError, type StageName } from './run.js';
import { RunsRepository } from './runs.repository.js';
import {
  canBeHelped,
  canWorkAhead,
  STAGE_LIST,
  type RunRecord,
  type Stage,
  type StageContext,
} from './stage.js';

/** Renewals a lease: one that comes late, or fails once, costs nothing. */
const RENEWALS = 4;
/** Times a lease that a call for help comes back which reached only workers that are at it already. */
const RECALLS = 4;
/** A stage that ended its worker this often, without getting any further, is not given to yet another. */
const MAX_LOSSES = 20;
/** Workers that are asked to lend a hand with one stage of one run. */
const MAX_HELPERS = 16;
/** Leading comes before helping: a worker that could begin another run does that first. */
const HELP_LAST = -1_000_000;

/**
 * Drives runs through their stages. One job does one stage and enqueues the next, so that a crash loses at most the
 * unfinished items of one stage, and runs of different projects take turns.
 */
@Injectable()
export class RunMachine {
  private readonly log = new Logger('Runs');
  private readonly stages: ReadonlyMap<StageName, Stage>;
  /** Of the stages this process leads, and of those it lends a hand with, by run. */
  private readonly aborts = new Map<string, AbortController>();
  private readonly helps = new Map<string, AbortController>();
  private sweeper: NodeJS.Timeout | null = null;
  private stopping = false;
  private readonly overListeners: ((runId: string) => Promise<void>)[] = [];

  constructor(
    private readonly repository: RunsRepository,
    @Inject(QUEUE) private readonly queue: JobQueue,
    @Inject(STAGE_LIST) stages: readonly Stage[],
    @Inject(INSTANCE) private readonly instance: Instance,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ENV) private readonly env: Env,
  ) {
    this.stages = new Map(stages.map((stage) => [stage.name, stage]));
    const missing = STAGES.filter((name) => !this.stages.has(name));
    if (missing.length > 0)
      throw new Error(`No stage class for ${missing.join(', ')}: add it in src/runs/stage-list.ts.`);
    queue.handle((queueName, job) => this.work(queueName, job));
  }

  /** Picks up what an earlier process left unfinished, and keeps looking for runs whose worker died or whose job was lost. */
  async start(): Promise<void> {
    await this.adoptOrphans(this.instance.exclusive);
    this.sweeper = setInterval(
      () => void this.adoptOrphans(false).catch((error) => this.log.error(error)),
      this.env.leaseMs,
    );
    this.sweeper.unref();
  }

  /** Stops the stages in hand at their next safe point; their runs stay unfinished and are resumed at the next start. */
  stop(): void {
    this.stopping = true;
    if (this.sweeper) clearInterval(this.sweeper);
    for (const abort of [...this.aborts.values(), ...this.helps.values()])
      abort.abort(new Error('shutting down'));
  }

  /** Calls back when a run that this process worked on is over. */
  onOver(listener: (runId: string) => Promise<void>): void {
    this.overListeners.push(listener);
  }

  /** Puts a run in line for its stage. The more runs its project has under way, the further back: projects share fairly. */
  async enqueue(runId: string): Promise<void> {
    const run = await this.repository.find(runId);
    if (!run) return;
    const siblings = await this.repository.countUnfinished(run.projectId);
    await this.queue.send(LANES[run.stage], { runId, kind: 'lead' }, -siblings);
  }

  /** Interrupts the stage in hand, if this process has it. */
  interrupt(runId: string): void {
    for (const aborts of [this.aborts, this.helps]) aborts.get(runId)?.abort(new Error('cancelled'));
  }

  private async adoptOrphans(includeAllLeases: boolean): Promise<void> {
    for (const run of await this.repository.findOrphans(includeAllLeases)) {
      if (this.aborts.has(run.id)) continue; // in hand here, its lease not yet taken or late to be renewed
      const losses = await this.repository.countLoss(run);
      if (losses > MAX_LOSSES) await this.repository.finish(run.id, 'failed', keepsDying(run.stage, losses));
      else await this.enqueue(run.id);
    }
  }

  private work(queue: QueueName, job: RunJob): Promise<void | 'idle'> {
    return job.kind === 'lead' ? this.advance(queue, job.runId) : this.help(queue, job);
  }

  private async advance(queue: QueueName, runId: string): Promise<void> {
    if (this.stopping || this.aborts.has(runId)) return;
    // Set before anything is waited for: of two jobs of a run both would get the lease, which is this process's.
    const abort = new AbortController();
    this.aborts.set(runId, abort);
    const isGivenBack = await this.lead(queue, runId, abort).finally(() => this.aborts.delete(runId));
    if (isGivenBack && !this.stopping) await this.enqueueNext(runId);
  }

  /** @returns whether a stage was done, or tried, and the run is for whoever takes it next */
  private async lead(queue: QueueName, runId: string, abort: AbortController): Promise<boolean> {
    if (!(await this.repository.lease(runId, this.instance.id, this.env.leaseMs))) return false;
    const run = await this.repository.find(runId);
    if (!run) return false;
    if (LANES[run.stage] !== queue) {
      // Sent before the run went on. The job in its own queue may have come and gone meanwhile.
      await this.repository.release(runId, this.instance.id);
      await this.enqueue(runId);
      return false;
    }
    let isGivenBack = true;
    const renewal = setInterval(() => void this.renew(runId, abort), this.env.leaseMs / RENEWALS);
    try {
      await this.repository.markRunning(runId);
      await this.doStage(run, abort.signal);
    } catch (error) {
      isGivenBack = await this.fail(run, error, abort.signal);
    } finally {
      clearInterval(renewal);
      if (isGivenBack) await this.repository.release(runId, this.instance.id);
    }
    return isGivenBack;
  }

  /** Lends a hand with the stage that another worker leads; what goes wrong here is the leader's to meet and to report. */
  private async help(queue: QueueName, job: RunJob): Promise<void | 'idle'> {
    const { runId } = job;
    const run = await this.repository.find(runId);
    const stage = run && this.stages.get(run.stage);
    if (this.stopping || run?.state !== 'running' || !stage || !canBeHelped(stage)) return;
    if (this.aborts.has(runId) || this.helps.has(runId)) {
      // The call was for others: it is kept for those that come later.
      if (LANES[run.stage] === queue)
        await this.queue.send(queue, job, HELP_LAST, this.env.leaseMs / RECALLS / 1000);
      return 'idle';
    }
    const abort = new AbortController();
    this.helps.set(runId, abort);
    const look = setInterval(() => void this.stopWhenOver(run, abort), this.env.leaseMs / RENEWALS);
    try {
      const categories = await this.repository.categoriesOf(run.projectId);
      const elapsedMs = () => this.repository.elapsedOf(run.id, stage.name);
      await stage.help({ run, categories, signal: abort.signal, progress: () => undefined, elapsedMs });
    } catch (error) {
      if (!abort.signal.aborted) this.log.warn(error);
    } finally {
      clearInterval(look);
      this.helps.delete(runId);
    }
  }

  private async stopWhenOver({ id, stage }: RunRecord, abort: AbortController): Promise<void> {
    const now = await this.repository.find(id).catch(() => null);
    if (now && (now.state !== 'running' || now.stage !== stage)) abort.abort(new Error('the stage is over'));
  }

  /** Calls the workers that are free: as many as could ever be of use come, and go when there is nothing left. */
  private async callHelp(run: RunRecord, stage: Stage): Promise<void> {
    if (this.instance.exclusive || !canBeHelped(stage)) return;
    const calls = Array.from({ length: MAX_HELPERS }, (_, place) =>
      this.queue.send(
        LANES[run.stage],
        { runId: run.id, kind: 'help', place: run.round * MAX_HELPERS + place },
        HELP_LAST,
      ),
    );
    await Promise.all(calls);
  }

  /** A lease that cannot be renewed means the run was cancelled elsewhere, or given to another worker: stop. */
  private async renew(runId: string, abort: AbortController): Promise<void> {
    const kept = await this.repository.lease(runId, this.instance.id, this.env.leaseMs).catch(() => true);
    if (!kept) abort.abort(new Error('the run was cancelled'));
  }

  private async enqueueNext(runId: string): Promise<void> {
    const run = await this.repository.find(runId);
    if (run?.state === 'running') await this.enqueue(runId);
    else for (const listener of this.overListeners) await listener(runId);
  }

  private async doStage(run: RunRecord, signal: AbortSignal): Promise<void> {
    const stage = this.stages.get(run.stage) as Stage;
    const progress = await createProgressWriter(this.repository, run.id, run.stage, this.clock);
    try {
      const categories = await this.repository.categoriesOf(run.projectId);
      await this.callHelp(run, stage);
      const elapsedMs = () => Promise.resolve(progress.elapsedMs());
      const context = { run, categories, signal, progress: progress.report, elapsedMs };
      const outcome = await this.withNextAhead(context, () => stage.run(context));
      await progress.finish('done');
      await this.moveOn(run, outcome);
    } catch (error) {
      await progress.finish(signal.aborted ? 'running' : 'failed');
      throw error;
    }
  }

  /** While a stage is at work the next one begins with what it brings, where this process does that kind of work. */
  private async withNextAhead<T>(context: StageContext, work: () => Promise<T>): Promise<T> {
    const name = STAGES[STAGES.indexOf(context.run.stage) + 1];
    const next = name && this.stages.get(name);
    if (!next || !canWorkAhead(next) || !this.queue.worksOn(LANES[next.name])) return work();
    const over = new AbortController();
    const ahead = next
      .ahead({ ...context, progress: () => undefined, elapsedMs: () => Promise.resolve(0) }, over.signal)
      .catch((error: unknown) => {
        if (!context.signal.aborted) this.log.warn(error);
      });
    try {
      return await work();
    } finally {
      over.abort();
      await ahead;
    }
  }

  private async moveOn(run: RunRecord, outcome: 'done' | 'next-round'): Promise<void> {
    const own = this.instance.id;
    if (outcome === 'next-round') return this.repository.moveTo(run.id, own, 'search', run.round + 1);
    const next = STAGES[STAGES.indexOf(run.stage) + 1];
    if (next) return this.repository.moveTo(run.id, own, next, run.round);
    return this.repository.finish(run.id, 'succeeded', null, own);
  }

  /** @returns false when the lease is to run out by itself: the run is for another worker then, or for later */
  private async fail(run: RunRecord, error: unknown, signal: AbortSignal): Promise<boolean> {
    // Cancelled (already final), overtaken (another leads it), or shutting down (resumed at the next start).
    if (signal.aborted || error instanceof StageOverError) return true;
    if (!(error instanceof GraftError)) this.log.error(error);
    // Alone there is no other worker, and nobody who would look again: the person is told.
    if (!this.instance.exclusive && isPassingTrouble(error)) return false;
    await this.repository.finish(run.id, 'failed', toRunError(error, run.stage), this.instance.id);
    return true;
  }
}

const keepsDying = (stage: StageName, losses: number): RunError => ({
  code: 'worker-keeps-dying',
  message: `The stage ${stage} ended its worker ${losses} times in a row and got no further.`,
  fix: 'Look at the log and the memory of the workers (out of memory is the usual reason), then resume the run.',
  stage,
});

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

import { Injectable, Logger } from '@nestjs/common';
import { GraftError } from '../runs/errors.js';
import { RunMachine } from '../runs/run-machine.js';
import { isFinal } from '../runs/run.js';
import { RunsRepository } from '../runs/runs.repository.js';
import { ChallengerRuns } from './challenger-runs.js';
import { RetrainingsRepository, type RetrainingRow } from './retrainings.repository.js';
import { Verdicts } from './verdicts.js';

/**
 * Leads a retraining from its firing to its verdict. Every step is written down before the next, and a step that is done twice
 * changes nothing the second time, so that it goes on after a crash and with several workers.
 */
@Injectable()
export class Retrainer {
  private readonly log = new Logger('Retraining');
  private steps: Promise<void> = Promise.resolve();
  private readonly abort = new AbortController();

  constructor(
    private readonly repository: RetrainingsRepository,
    private readonly challengers: ChallengerRuns,
    private readonly verdicts: Verdicts,
    private readonly runs: RunsRepository,
    private readonly machine: RunMachine,
  ) {
    machine.onOver((runId) => this.runIsOver(runId));
  }

  /** Does the next step of a retraining, after those in hand. What is left when the process ends, the next look finds. */
  enqueue(retrainingId: string): void {
    this.steps = this.steps
      .then(() => this.advance(retrainingId))
      .catch((error: unknown) => this.log.error(error));
  }

  /** Interrupts a comparison in hand; it is made anew at the next start. */
  async stop(): Promise<void> {
    this.abort.abort(new Error('shutting down'));
    await this.steps;
  }

  private async runIsOver(runId: string): Promise<void> {
    const row = await this.repository.ofRun(runId);
    if (row?.state === 'training') this.enqueue(row.id);
  }

  private async advance(id: string): Promise<void> {
    if (this.abort.signal.aborted) return;
    const row = await this.repository.find(id);
    if (!row) return;
    try {
      if (row.state === 'queued') await this.begin(row);
      else if (row.state === 'training') await this.conclude(row);
    } catch (error) {
      if (this.abort.signal.aborted) return;
      if (!(error instanceof GraftError)) this.log.error(error);
      await this.repository.fail(row, error instanceof Error ? error.message : String(error));
    }
  }

  private async begin(row: RetrainingRow): Promise<void> {
    const runId = await this.challengers.begin(row);
    if (runId !== null) await this.machine.enqueue(runId);
  }

  private async conclude(row: RetrainingRow): Promise<void> {
    const run = row.runId === null ? null : await this.runs.find(row.runId);
    if (!run || !isFinal(run.state)) return;
    if (run.state === 'succeeded') return this.verdicts.conclude(row, run, this.abort.signal);
    await this.repository.fail(row, run.error?.message ?? `The run ${run.id} was ${run.state}.`);
  }
}

import { Injectable } from '@nestjs/common';
import { policySchema, type Policy, type Verdict } from '../http/api/retraining.js';
import { RegistryRepository } from '../registry/registry.repository.js';
import type { RunRecord } from '../runs/stage.js';
import type { Transaction } from '../storage/database.js';
import { HeldOutComparison } from './held-out-comparison.js';
import { RetrainingsRepository, type RetrainingRow } from './retrainings.repository.js';
import { SchedulesRepository } from './schedules.repository.js';
import { judge } from './verdict.js';

/** Judges challengers, and does what the verdict says. */
@Injectable()
export class Verdicts {
  constructor(
    private readonly repository: RetrainingsRepository,
    private readonly schedules: SchedulesRepository,
    private readonly registry: RegistryRepository,
    private readonly comparison: HeldOutComparison,
  ) {}

  async policyOf(projectId: string): Promise<Policy> {
    return (await this.schedules.find(projectId))?.policy ?? policySchema.parse({});
  }

  /** Compares the model of a finished run with the champion of the moment. */
  async conclude(row: RetrainingRow, run: RunRecord, signal: AbortSignal): Promise<void> {
    const champion = await this.registry.modelOf(row.projectId, 'champion');
    const challenger = row.challengerId === null ? null : await this.registry.model(row.challengerId);
    if (!champion || !challenger)
      return this.repository.fail(row, 'There are no two models to compare any more.');
    const [old, fresh] = await this.comparison.on(run, [champion, challenger], signal);
    if (!old || !fresh) return;
    const policy = await this.policyOf(row.projectId);
    const comparisons = (await this.repository.judged(row.projectId)) + 1;
    await this.decide(row, champion.id, judge(old, fresh, policy, comparisons), policy);
  }

  private async decide(
    row: RetrainingRow,
    championId: string,
    verdict: Verdict,
    { shadowRequests }: Policy,
  ): Promise<void> {
    const shadows = verdict.wins && shadowRequests > 0;
    const state = shadows ? 'shadowing' : verdict.wins ? 'promoted' : 'refused';
    const shadow = shadows
      ? { requests: 0, wanted: shadowRequests, agreed: 0, errors: 0, championMs: null, challengerMs: null }
      : null;
    await this.registry.inProject(row.projectId, async (tx) => {
      if (!(await this.repository.moveOn(tx, row, { state, championId, verdict, shadow }))) return;
      if (state === 'promoted') await this.enthrone(tx, row, verdict.reasons.join('; '));
      if (state === 'refused') await this.refuse(tx, row, verdict.reasons.join('; '));
    });
  }

  /** The challenger becomes the champion. Call it in the project's transaction. */
  async enthrone(tx: Transaction, { projectId, challengerId }: RetrainingRow, reason: string): Promise<void> {
    await this.registry.dropAlias(tx, projectId, 'challenger');
    const change = { projectId, alias: 'champion', action: 'promoted', actor: 'schedule' } as const;
    await this.registry.change(tx, {
      ...change,
      toId: challengerId,
      reason: `The challenger wins: ${reason}`,
    });
  }

  async refuse(tx: Transaction, { projectId }: RetrainingRow, reason: string): Promise<void> {
    const change = { projectId, alias: 'challenger', action: 'refused', actor: 'schedule' } as const;
    await this.registry.change(tx, { ...change, toId: null, reason: `The champion stays: ${reason}` });
  }
}

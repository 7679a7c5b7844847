import { Injectable, Logger } from '@nestjs/common';
import type { Shadow } from '../http/api/retraining.js';
import { DriftWatch } from '../monitoring/drift-watch.js';
import { PredictionsRepository } from '../monitoring/predictions.repository.js';
import { RegistryRepository } from '../registry/registry.repository.js';
import { RetrainingsRepository, type RetrainingRow } from './retrainings.repository.js';
import { Verdicts } from './verdicts.js';

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** Watches models that are new to live traffic: ends shadowing, and rolls back a champion that fails. */
@Injectable()
export class Watchman {
  private readonly log = new Logger('Watch');

  constructor(
    private readonly repository: RetrainingsRepository,
    private readonly registry: RegistryRepository,
    private readonly predictions: PredictionsRepository,
    private readonly verdicts: Verdicts,
    private readonly drift: DriftWatch,
  ) {}

  async look(): Promise<void> {
    await this.drift.look(await this.registry.champions());
    for (const row of await this.repository.inState('shadowing')) await this.endShadow(row);
    for (const row of await this.repository.inState('promoted')) await this.rollBackFailing(row);
  }

  private async endShadow(row: RetrainingRow): Promise<void> {
    const { shadow, projectId } = row;
    if (!shadow || shadow.requests < shadow.wanted) return;
    const policy = await this.verdicts.policyOf(projectId);
    const errorRate = shadow.errors / shadow.requests;
    const tooSlow = policy.maxLatencyMs !== null && (shadow.challengerMs ?? 0) > policy.maxLatencyMs;
    const fails = errorRate > policy.maxErrorRate || tooSlow;
    await this.registry.inProject(projectId, async (tx) => {
      if (!(await this.repository.moveOn(tx, row, { state: fails ? 'refused' : 'promoted' }))) return;
      if (fails) await this.verdicts.refuse(tx, row, wordsOf(shadow));
      else await this.verdicts.enthrone(tx, row, `${row.verdict?.reasons.join('; ')}; ${wordsOf(shadow)}`);
    });
  }

  private async rollBackFailing(row: RetrainingRow): Promise<void> {
    const { projectId, challengerId } = row;
    if (challengerId === null || (await this.registry.aliasOf(projectId, 'champion')) !== challengerId)
      return;
    const { maxErrorRate, minRequests } = await this.verdicts.policyOf(projectId);
    const { total, errors } = await this.predictions.since(challengerId, row.finishedAt ?? row.createdAt);
    if (total < minRequests || errors / total <= maxErrorRate) return;
    const reason = `${errors} of ${total} predictions failed since its promotion (${percent(errors / total)}, at most ${percent(maxErrorRate)} allowed)`;
    await this.registry.inProject(projectId, async (tx) => {
      const toId = await this.registry.championBefore(projectId, tx);
      if (toId === null || !(await this.repository.moveOn(tx, row, { state: 'rolled-back', error: reason })))
        return;
      const change = { projectId, alias: 'champion', action: 'rolled-back', actor: 'schedule' } as const;
      await this.registry.change(tx, { ...change, toId, reason });
    });
    this.log.warn(`Rolled back the champion of the project ${projectId}: ${reason}`);
  }
}

const wordsOf = ({ requests, agreed, errors, championMs, challengerMs }: Shadow): string =>
  `beside the champion on ${requests} live examples it agreed on ${percent(agreed / requests)}, failed on ${errors}, ` +
  `and took ${challengerMs?.toFixed(1) ?? '?'} ms where the champion took ${championMs?.toFixed(1) ?? '?'} ms`;

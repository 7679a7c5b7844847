import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { RetrainingView } from '../http/api/retraining.js';
import { DriftRepository } from '../monitoring/drift.repository.js';
import { CLOCK, type Clock } from '../storage/tokens.js';
import { modalities } from '../modalities/registry.js';
import { ProjectsRepository } from '../projects/projects.repository.js';
import { ProjectZoo } from '../training/project-zoo.js';
import { lastFiring } from './cron.js';
import { SchedulesRepository, type ScheduleRow } from './schedules.repository.js';

/** A feed is asked no more often than this. */
const POLL_MS = 5 * 60_000;
/** A backbone that cannot be trained is left alone after so many tries. */
const MAX_FAILURES = 3;

/** What is to be done now, and the key under which it is done once. */
export interface Due {
  readonly key: string;
  readonly trigger: RetrainingView['trigger'];
  readonly detail: string;
  readonly backbones: readonly string[];
  readonly firedUntil?: Date;
}

/** What sets off retrainings. */
@Injectable()
export class Triggers {
  constructor(
    private readonly schedules: SchedulesRepository,
    private readonly drift: DriftRepository,
    private readonly zoo: ProjectZoo,
    private readonly projects: ProjectsRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The first thing that is due, the cheapest before the others. */
  async due(schedule: ScheduleRow, championId: string): Promise<Due | null> {
    return (
      (await this.newBackbones(schedule)) ??
      (await this.changedData(schedule)) ??
      (await this.drifted(schedule, championId)) ??
      this.byTheClock(schedule)
    );
  }

  private async newBackbones(schedule: ScheduleRow): Promise<Due | null> {
    const { projectId, triggers, polledAt, known } = schedule;
    const asked = polledAt !== null && this.clock.now().getTime() - polledAt.getTime() < POLL_MS;
    if (!triggers.newBackbones || asked) return null;
    const there = await this.poll(projectId);
    const { ids, failures } = await this.schedules.tried(projectId);
    const fresh = there.filter(
      (id) => !known.includes(id) && !ids.has(id) && (failures.get(id) ?? 0) < MAX_FAILURES,
    );
    if (fresh.length === 0) return null;
    const facts = fresh.map((id) => `${id}/${failures.get(id) ?? 0}`).join();
    return {
      key: `backbones:${createHash('sha256').update(facts).digest('hex')}`,
      trigger: 'new-backbones',
      detail: `new in the zoo: ${fresh.join(', ')}`,
      backbones: fresh,
    };
  }

  private async poll(projectId: string): Promise<string[]> {
    try {
      const project = await this.projects.find(projectId);
      const { openZoo } = modalities[project?.modality ?? 'image'];
      const zoo = await openZoo(await this.zoo.of(projectId));
      await this.schedules.markPolled(projectId, zoo.warnings.join(' ') || null);
      return await zoo.defaults();
    } catch (error) {
      await this.schedules.markPolled(projectId, (error as Error).message);
      return [];
    }
  }

  private async changedData({ projectId, triggers }: ScheduleRow): Promise<Due | null> {
    if (triggers.newPictures === null && triggers.feedback === null) return null;
    const changes = await this.schedules.changes(projectId);
    if (!changes) return null;
    const { runId, pictures, corrections } = changes;
    if (triggers.feedback !== null && corrections >= triggers.feedback)
      return anew('feedback', `feedback:${runId}`, `${corrections} corrections since the run ${runId}`);
    if (triggers.newPictures !== null && pictures >= triggers.newPictures)
      return anew('new-pictures', `pictures:${runId}`, `${pictures} new or newly reviewed examples`);
    return null;
  }

  private async drifted({ triggers, updatedAt }: ScheduleRow, championId: string): Promise<Due | null> {
    if (!triggers.drift) return null;
    const alarm = await this.drift.lastAlarm(championId, updatedAt);
    if (!alarm) return null;
    const detail = `${alarm.kind} of live examples differs from training (p = ${alarm.pValue.toPrecision(2)})`;
    return anew('drift', `drift:${alarm.id}`, detail);
  }

  private byTheClock({ cron, timeZone, firedUntil }: ScheduleRow): Due | null {
    if (cron === null) return null;
    const now = this.clock.now();
    const at = lastFiring(cron, timeZone, firedUntil, now);
    if (!at) return null;
    const key = `cron:${at.toISOString()}`;
    return { ...anew('cron', key, `due ${at.toISOString()} (${cron}, ${timeZone})`), firedUntil: at };
  }
}

const anew = (trigger: Due['trigger'], key: string, detail: string): Due => ({
  key,
  trigger,
  detail,
  backbones: [],
});

import { Injectable, Logger } from '@nestjs/common';
import { RegistryRepository } from '../registry/registry.repository.js';
import { Retrainer } from './retrainer.js';
import { RetrainingsRepository } from './retrainings.repository.js';
import { SchedulesRepository, type ScheduleRow } from './schedules.repository.js';
import { Triggers, type Due } from './triggers.js';
import { Watchman } from './watchman.js';

const TICK_MS = 20_000;

/** Looks at the schedules from time to time. It only enqueues; the work is the retrainer's. */
@Injectable()
export class RetrainingScheduler {
  private readonly log = new Logger('Schedules');
  private timer: NodeJS.Timeout | null = null;
  private ticking: Promise<void> | null = null;

  constructor(
    private readonly schedules: SchedulesRepository,
    private readonly repository: RetrainingsRepository,
    private readonly retrainer: Retrainer,
    private readonly registry: RegistryRepository,
    private readonly triggers: Triggers,
    private readonly watchman: Watchman,
  ) {}

  start(): void {
    const tick = (): void => void this.tick().catch((error: unknown) => this.log.error(error));
    this.timer = setInterval(tick, TICK_MS);
    this.timer.unref();
    tick();
  }

  /** Waits for the look in hand. */
  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.ticking?.catch(() => undefined);
    await this.retrainer.stop();
  }

  /** One look: what waits goes on, what is due fires. Looks do not overlap. */
  tick(): Promise<void> {
    this.ticking ??= this.look().finally(() => (this.ticking = null));
    return this.ticking;
  }

  private async look(): Promise<void> {
    await this.watchman.look();
    for (const id of await this.repository.waiting()) this.retrainer.enqueue(id);
    for (const schedule of await this.schedules.list()) {
      if (schedule.paused) continue;
      await this.consider(schedule).catch((error: unknown) => this.log.error(error));
    }
  }

  private async consider(schedule: ScheduleRow): Promise<void> {
    const champion = await this.registry.aliasOf(schedule.projectId, 'champion');
    if (champion === null) return; // nothing to keep fresh yet
    const due = await this.triggers.due(schedule, champion);
    if (due) await this.fire(schedule.projectId, due);
  }

  private async fire(projectId: string, due: Due): Promise<void> {
    const { key, trigger, detail, backbones, firedUntil = null } = due;
    const id = await this.registry.inProject(projectId, async (tx) => {
      if (await this.repository.isBusy(tx, projectId)) return null; // it stays due
      if (!(await this.schedules.claim(tx, projectId, key, firedUntil))) return null;
      return this.repository.create(tx, { projectId, trigger, detail, backbones: [...backbones] });
    });
    if (id === null) return;
    this.log.log(`Retraining ${id} of the project ${projectId}: ${detail}`);
    this.retrainer.enqueue(id);
  }
}

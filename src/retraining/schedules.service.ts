import { Inject, Injectable } from '@nestjs/common';
import type { Env } from '../config/env.js';
import { scheduleSchema, type Schedule, type ScheduleView } from '../http/api/retraining.js';
import { ProjectsService } from '../projects/projects.service.js';
import { GraftError, notFound } from '../runs/errors.js';
import { CLOCK, ENV, type Clock } from '../storage/tokens.js';
import { modalities } from '../modalities/registry.js';
import { openZoo } from '../training/zoo.js';
import { checkCron, inWords, nextFirings } from './cron.js';
import { SchedulesRepository, type ScheduleRow } from './schedules.repository.js';

/** Firings told ahead. */
const AHEAD = 5;

/** What a person does about schedules. */
@Injectable()
export class SchedulesService {
  constructor(
    private readonly schedules: SchedulesRepository,
    private readonly projects: ProjectsService,
    @Inject(ENV) private readonly env: Env,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async view(projectId: string): Promise<ScheduleView> {
    await this.projects.view(projectId);
    const row = await this.schedules.find(projectId);
    return row ? this.toView(row) : this.unset(projectId);
  }

  async list(): Promise<ScheduleView[]> {
    return (await this.schedules.list()).map((row) => this.toView(row));
  }

  /**
   * Sets the schedule of a project. What is in the zoo by now is no news to it; what the feed holds is.
   * @throws GraftError when the cron expression, the time zone or the feed is no good
   */
  async save(projectId: string, schedule: Schedule): Promise<ScheduleView> {
    const { openZoo } = modalities[(await this.projects.view(projectId)).modality];
    checkCron(schedule.cron ?? '0 0 * * *', schedule.timeZone);
    if (schedule.feed !== null) await this.checkFeed(schedule.feed);
    const { entries } = await openZoo({ cacheDir: this.env.cacheDir, zooMirror: this.env.zooMirror });
    await this.schedules.save(
      projectId,
      schedule,
      entries.map(({ card }) => card.id),
    );
    return this.view(projectId);
  }

  async remove(projectId: string): Promise<void> {
    await this.projects.view(projectId);
    if (!(await this.schedules.remove(projectId))) throw notFound('schedule of the project', projectId);
  }

  private async checkFeed(feed: string): Promise<void> {
    await openZoo({ cacheDir: this.env.cacheDir, zooMirror: feed }).catch((error: unknown) => {
      throw error instanceof GraftError ? badFeed(feed, error) : error;
    });
  }

  private toView({
    projectId,
    cron,
    timeZone,
    paused,
    feed,
    triggers,
    policy,
    ...row
  }: ScheduleRow): ScheduleView {
    const now = this.clock.now();
    const next = cron === null || paused ? [] : nextFirings(cron, timeZone, now, AHEAD);
    return {
      ...{ projectId, cron, timeZone, paused, feed, triggers, policy },
      nextFirings: next.map((at) => ({ at: at.toISOString(), words: inWords(at, timeZone, now) })),
      polledAt: row.polledAt?.toISOString() ?? null,
      pollError: row.pollError,
      updatedAt: row.updatedAt.toISOString(),
    };
  }

  private unset(projectId: string): ScheduleView {
    const defaults = { ...scheduleSchema.parse({}), paused: true };
    return { ...defaults, projectId, nextFirings: [], polledAt: null, pollError: null, updatedAt: null };
  }
}

const badFeed = (feed: string, cause: GraftError): GraftError =>
  new GraftError({
    code: 'bad-feed',
    message: `The feed ${feed} cannot be used: no zoo.json could be read there.`,
    fix: 'Name a folder or an http address that holds a zoo.json of cards (see docs/zoo.md), or none.',
    status: 422,
    cause,
  });

import type { Rng } from '../../zoo/index.js';
import { createEventQueue } from './event-queue.js';

/** Projects that retrain, and workers of each kind. */
export interface QueuePlan {
  readonly projects: number;
  /** Runs a day of each project, at any time of it. */
  readonly runsPerDay: number;
  readonly days: number;
  /** Work of each kind of queue in one run on one worker, and how many workers there are. */
  readonly lanes: readonly { readonly name: string; readonly seconds: number; readonly workers: number }[];
  /** A project that starts all of its runs at once at the beginning. */
  readonly burst: number;
}

export interface QueueOutcome {
  readonly runs: number;
  readonly jobsPerSecond: number;
  /** Share of the time that the workers of each lane work. */
  readonly busy: Readonly<Record<string, number>>;
  /** From start to end of a run, beside what it takes undisturbed. */
  readonly medianSlowdown: number;
  readonly worstSlowdown: number;
  /** The same for all projects but the one with the burst. */
  readonly worstOfTheOthers: number;
}

interface Job {
  readonly project: number;
  readonly startS: number;
  lane: number;
}

const DAY_S = 86_400;

/** As the run machine does it: of those that wait, the run whose project had the fewest under way when it got in line. */
export function simulateQueue(plan: QueuePlan, rng: Rng): QueueOutcome {
  const { lanes, projects, runsPerDay, days, burst } = plan;
  const events = createEventQueue();
  const underWay = new Map<number, number>();
  const lines = lanes.map((): { job: Job; rank: number }[] => []);
  const idle = lanes.map(({ workers }) => workers);
  const busyS = lanes.map(() => 0);
  const slowdowns: { project: number; value: number }[] = [];
  const alone = lanes.reduce((sum, { seconds }) => sum + seconds, 0);
  const count = (project: number, by: number): number => {
    const now = (underWay.get(project) ?? 0) + by;
    underWay.set(project, now);
    return now;
  };
  const enter = (job: Job): void => {
    lines[job.lane]?.push({ job, rank: underWay.get(job.project) ?? 0 });
    serve(job.lane);
  };
  const serve = (lane: number): void => {
    const line = lines[lane];
    const work = lanes[lane];
    if (!line || !work || line.length === 0 || idle[lane] === 0) return;
    let best = 0;
    for (const [at, { rank }] of line.entries()) if (rank < (line[best]?.rank ?? 0)) best = at;
    const [{ job }] = line.splice(best, 1) as [{ job: Job; rank: number }];
    idle[lane] = (idle[lane] ?? 0) - 1;
    const seconds = work.seconds * (0.5 + rng.next());
    busyS[lane] = (busyS[lane] ?? 0) + seconds;
    events.after(seconds, () => {
      idle[lane] = (idle[lane] ?? 0) + 1;
      advance(job);
      serve(lane);
    });
  };
  const advance = (job: Job): void => {
    if (++job.lane < lanes.length) return enter(job);
    count(job.project, -1);
    slowdowns.push({ project: job.project, value: (events.nowS() - job.startS) / alone });
  };
  const start = (project: number): void => {
    count(project, 1);
    enter({ project, startS: events.nowS(), lane: 0 });
  };
  for (let n = 0; n < burst; n++) events.after(0, () => start(0));
  for (let project = 1; project < projects; project++)
    for (let n = 0; n < runsPerDay * days; n++) events.after(rng.next() * days * DAY_S, () => start(project));
  events.run();
  const spanS = Math.max(events.nowS(), 1);
  const sorted = slowdowns.map(({ value }) => value).sort((a, b) => a - b);
  const others = slowdowns.filter(({ project }) => project !== 0).map(({ value }) => value);
  const round = (value: number): number => Number(value.toFixed(2));
  return {
    runs: slowdowns.length,
    jobsPerSecond: Number(((slowdowns.length * lanes.length) / spanS).toFixed(3)),
    busy: Object.fromEntries(
      lanes.map(({ name, workers }, at) => [name, round((busyS[at] ?? 0) / (workers * spanS))]),
    ),
    medianSlowdown: round(sorted[sorted.length >> 1] ?? Number.NaN),
    worstSlowdown: round(sorted.at(-1) ?? Number.NaN),
    worstOfTheOthers: round(others.reduce((most, value) => Math.max(most, value), 0)),
  };
}

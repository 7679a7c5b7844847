import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ProjectView, RunView } from '../../src/http/api.js';
import { startPictureServer, type PictureServer } from '../../tests/support/picture-server.js';
import {
  isOver,
  request,
  startServiceProcess,
  type ServiceProcess,
} from '../../tests/support/service-process.js';
import { trend, type Trend } from '../serve/trend.js';
import { lookAt, type Holding } from './looks.js';

const PICTURES = 24;
const LOOK_EVERY_MS = 250;
/** Undisturbed a run takes some seconds. */
const STUCK_AFTER_S = 120;
/** The first share of the runs is not counted: heaps and arenas grow to their working size. */
const SETTLING = 0.4;

interface Look extends Holding {
  readonly runs: number;
  readonly seconds: number;
}

export interface RunsSoak {
  readonly minutes: number;
  readonly runs: number;
  readonly failed: number;
  readonly first: Look | undefined;
  readonly last: Look | undefined;
  /** Growth for each thousand runs, with its 95 % interval; handles by number, all else in MiB. */
  readonly growth: Readonly<
    Record<'serviceMiB' | 'heapMiB' | 'externalMiB' | 'handles' | 'dataFiles', Trend>
  >;
  readonly looks: readonly Look[];
}

/** A kept connection may be closed by the service in the moment in which the next request goes out on it: it goes out again. */
async function ask<T>(...asked: Parameters<typeof request>): Promise<T> {
  try {
    return await request<T>(...asked);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return request<T>(...asked);
  }
}

/** A project of its own each time, from addresses to a package that answers. @returns whether it succeeded */
async function once(service: ServiceProcess, pictures: PictureServer): Promise<boolean> {
  const { url } = service;
  const project = await ask<ProjectView>(`${url}/api/projects`, {
    body: { categories: ['even', 'odd'] },
  });
  const rows = pictures.urls.map((imageUrl, at) => ({ category: at % 2 ? 'odd' : 'even', url: imageUrl }));
  await ask(`${url}/api/projects/${project.id}/urls`, { body: { rows } });
  const settings = { providers: [], backbones: ['nsfwjs-mobilenet-v2'], curate: 'off' };
  const { id } = await ask<RunView>(`${url}/api/projects/${project.id}/runs`, { body: settings });
  return (await follow(url, id)).state === 'succeeded';
}

/** @throws when nothing happens to the run for long: that is a fault, and where it stands is what there is to know */
async function follow(url: string, id: string): Promise<RunView> {
  let before = '';
  for (let sinceMs = performance.now(); ; await wait(LOOK_EVERY_MS)) {
    const run = await ask<RunView>(`${url}/api/runs/${id}`);
    if (isOver(run)) return run;
    const now = JSON.stringify(run);
    if (now !== before) [before, sinceMs] = [now, performance.now()];
    if (performance.now() - sinceMs > 1000 * STUCK_AFTER_S) throw new Error(`The run is stuck: ${now}`);
  }
}

/** Small runs, one after the other, in one service with all it needs inside. */
export async function soakRuns(minutes: number): Promise<RunsSoak> {
  const folder = await mkdtemp(join(tmpdir(), 'graft-soak-'));
  const pictures = await startPictureServer(PICTURES);
  const dataDir = join(folder, 'data');
  const service = await startServiceProcess(dataDir, {
    GRAFT_ALLOW_PRIVATE_HOSTS: pictures.hosts.join(','),
  });
  const pid = service.process.pid ?? 0;
  const looks: Look[] = [];
  let failed = 0;
  try {
    const startMs = performance.now();
    const seconds = (): number => Math.round((performance.now() - startMs) / 1000);
    while (seconds() < 60 * minutes) {
      if (!(await once(service, pictures))) failed++;
      const holding = await lookAt(service.url, pid, dataDir);
      looks.push({ runs: looks.length + 1, seconds: seconds(), ...holding });
      process.stderr.write(`${JSON.stringify(looks.at(-1))}\n`);
    }
  } finally {
    await service.kill('SIGTERM');
    await pictures.close();
    await rm(folder, { recursive: true, force: true });
  }
  const settled = looks.slice(Math.round(looks.length * SETTLING));
  const of = (name: keyof Look): Trend => trend(settled.map((look) => [look.runs, look[name]]));
  return {
    minutes,
    runs: looks.length,
    failed,
    first: looks[0],
    last: looks.at(-1),
    growth: {
      serviceMiB: of('serviceMiB'),
      heapMiB: of('heapMiB'),
      externalMiB: of('externalMiB'),
      handles: of('handles'),
      dataFiles: of('dataFiles'),
    },
    looks,
  };
}

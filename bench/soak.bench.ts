import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApp } from '../tests/support/open-app.js';
import { createProject, registerModel } from '../tests/support/registered-models.js';
import { request, startServiceProcess } from '../tests/support/service-process.js';
import { benchPictures } from './pictures.js';
import { cannon } from './serve/cannon.js';
import { trend } from './serve/trend.js';
import { lookAt, type Holding } from './soak/looks.js';
import { soakRuns } from './soak/runs.js';

/** GRAFT_SOAK sets another number of requests. */
const REQUESTS = Number(process.env.GRAFT_SOAK ?? 50_000);
const LOOKS = 50;
/** The first share of the looks is not counted: heaps and arenas grow to their working size. */
const SETTLING = 0.4;
const CLASSES = 4;
const PICTURES = 48;

interface Look extends Holding {
  readonly requests: number;
}

/** A data folder with one registered model, as a run leaves it. */
async function prepareData(dataDir: string): Promise<string> {
  const lab = await openApp({ env: { GRAFT_DATA_DIR: dataDir } });
  try {
    const project = await createProject(lab, ['cat', 'dog']);
    return await registerModel(lab, project);
  } finally {
    await lab.close();
  }
}

/** `--minutes N`: small runs for so long; otherwise predictions. */
export function run(): Promise<unknown> {
  const at = process.argv.indexOf('--minutes');
  return at < 0 ? soakPredictions() : soakRuns(Number(process.argv[at + 1]));
}

/** Memory of the whole service and of its inference child while they answer, the log of predictions and all. */
async function soakPredictions(): Promise<unknown> {
  const dataDir = await mkdtemp(join(tmpdir(), 'graft-soak-'));
  try {
    const model = await prepareData(dataDir);
    const service = await startServiceProcess(dataDir, { GRAFT_THREADS: '2' });
    const pid = service.process.pid ?? 0;
    const { source, pictures } = await benchPictures(CLASSES, PICTURES / CLASSES);
    const bodies = pictures.map(({ bytes }) => bytes);
    const looks: Look[] = [];
    let failed = 0;
    const startedAtMs = performance.now();
    for (let done = REQUESTS / LOOKS; done <= REQUESTS; done += REQUESTS / LOOKS) {
      const load = { connections: 8, amount: REQUESTS / LOOKS };
      const { non2xx, errors } = await cannon(`${service.url}/api/models/champion/predict`, bodies, load);
      failed += non2xx + errors;
      looks.push({ requests: done, ...(await lookAt(service.url, pid, dataDir)) });
      process.stderr.write(`${JSON.stringify(looks.at(-1))}\n`);
    }
    const elapsedS = (performance.now() - startedAtMs) / 1000;
    const log = await request<{ predictions: number }>(`${service.url}/api/models/${model}/monitoring`);
    await service.kill('SIGTERM');
    return {
      requests: REQUESTS,
      source,
      failed,
      perSecond: REQUESTS / elapsedS,
      logged: log.predictions,
      ...trends(looks),
      looks,
    };
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

function trends(looks: readonly Look[]): Record<string, unknown> {
  const settled = looks.slice(Math.round(looks.length * SETTLING));
  const of = (name: keyof Look) => trend(settled.map((look) => [look.requests, look[name]]));
  const [first, last] = [looks[0], looks.at(-1)];
  return {
    first,
    last,
    service: of('serviceMiB'),
    child: of('childMiB'),
    heap: of('heapMiB'),
    external: of('externalMiB'),
    handles: of('handles'),
  };
}

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApp } from '../tests/support/open-app.js';
import { createProject, registerModel } from '../tests/support/registered-models.js';
import { request, startServiceProcess } from '../tests/support/service-process.js';
import { benchPictures } from './pictures.js';
import { cannon } from './serve/cannon.js';
import { trend } from './serve/trend.js';

/** GRAFT_SOAK sets another number of requests. */
const REQUESTS = Number(process.env.GRAFT_SOAK ?? 50_000);
const LOOKS = 50;
/** The first share of the looks is not counted: heaps and arenas grow to their working size. */
const SETTLING = 0.4;
const CLASSES = 4;
const PICTURES = 48;

interface Look {
  readonly requests: number;
  readonly serviceMiB: number;
  readonly childMiB: number;
  /** Of the service: what JavaScript holds on to, and what lies outside its heap. */
  readonly heapMiB: number;
  readonly externalMiB: number;
}

const rssMiB = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? Number.NaN) / 1024;
};

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.trim().split(/\s+/).filter(Boolean).map(Number);
}

async function lookAt(url: string, pid: number, requests: number): Promise<Look> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const bytesOf = (name: string): number =>
    Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1] ?? Number.NaN) / 2 ** 20;
  const children = await Promise.all((await childrenOf(pid)).map(rssMiB));
  return {
    requests,
    serviceMiB: await rssMiB(pid),
    childMiB: children.reduce((sum, value) => sum + value, 0),
    heapMiB: bytesOf('nodejs_heap_size_used_bytes'),
    externalMiB: bytesOf('nodejs_external_memory_bytes'),
  };
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

/** Memory of the whole service and of its inference child while they answer, the log of predictions and all. */
export async function run(): Promise<unknown> {
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
      looks.push(await lookAt(service.url, pid, done));
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
  };
}

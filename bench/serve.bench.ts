import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { projectRoot } from '../src/config/version.js';
import { makePackage } from '../tests/support/small-package.js';
import { writePictures } from '../tests/support/ways.js';
import { ask, endChild, startChild } from './child.js';
import { benchPictures } from './pictures.js';
import type { BareTask } from './serve/bare.js';

const THREADS = 2;
const CLASSES = 4;
const PICTURES = 48;
const ROUNDS = 3;
const ROUND_MS = 10_000;
const SOAK = 50_000;

/** The same pictures as files, for the bare loop, and as bodies. */
async function pictureFiles(root: string) {
  const { source, pictures } = await benchPictures(CLASSES, PICTURES / CLASSES);
  const named = pictures.map(({ bytes }, i) => ({ file: String(i), kind: source, bytes }));
  const files = await writePictures(join(root, 'pictures'), named);
  return { source, files, bodies: pictures.map(({ bytes }) => bytes) };
}

interface Served {
  readonly url: string;
  readonly process: ChildProcess;
}

async function serve(folder: string): Promise<Served> {
  const args = [join(projectRoot(), 'bin', 'graft.js'), 'serve', '--package', folder, '--port', '0'];
  const env = { ...process.env, GRAFT_THREADS: String(THREADS) };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  for await (const chunk of child.stdout) {
    output += String(chunk);
    const url = /Listening on (http:\/\/[^;]+);/.exec(output)?.[1];
    if (url) return { url, process: child };
  }
  throw new Error(`The server did not start: ${output}`);
}

const cannon = async (
  url: string,
  bodies: readonly Buffer[],
  options: Partial<autocannon.Options>,
): Promise<autocannon.Result> =>
  autocannon({
    url: `${url}/api/models/champion/predict`,
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    requests: bodies.map((body) => ({ body })),
    timeout: 120,
    ...options,
  });

const outcome = ({ latency, requests, non2xx, errors, statusCodeStats }: autocannon.Result) => ({
  perSecond: requests.average,
  p50Ms: latency.p50,
  p99Ms: latency.p99,
  answered: requests.total,
  non2xx,
  errors,
  statusCodes: Object.fromEntries(
    Object.entries(statusCodeStats ?? {}).map(([code, { count }]) => [code, count]),
  ),
});

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** The server beside a bare loop, in turns, so that a busy machine treats both alike. */
async function throughput(
  { url }: Served,
  folder: string,
  files: readonly string[],
  bodies: readonly Buffer[],
) {
  const bare = startChild('serve/bare');
  const task = { folder, files, threads: THREADS, durationMs: ROUND_MS };
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const serial = await ask<number>(bare, { ...task, ahead: 1 } satisfies BareTask);
    const served = outcome(await cannon(url, bodies, { connections: 16, duration: ROUND_MS / 1000 }));
    const overlapped = await ask<number>(bare, { ...task, ahead: 4 } satisfies BareTask);
    rounds.push({ serial, overlapped, served });
  }
  await endChild(bare);
  return {
    rounds,
    ofSerialLoop: median(rounds.map(({ serial, served }) => served.perSecond / serial)),
    ofOverlappedLoop: median(rounds.map(({ overlapped, served }) => served.perSecond / overlapped)),
  };
}

/** More connections than the queue has places, then few again. */
async function overload({ url }: Served, bodies: readonly Buffer[]) {
  const crowded = outcome(await cannon(url, bodies, { connections: 300, duration: 10 }));
  const after = outcome(await cannon(url, bodies, { connections: 4, duration: 5 }));
  return { crowded, after };
}

const rssMiB = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? Number.NaN) / 1024;
};

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.trim().split(/\s+/).filter(Boolean).map(Number);
}

/** Least-squares slope of memory over requests, in MiB a thousand requests. */
function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (at: 0 | 1): number => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const top = points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  const bottom = points.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
  return (1000 * top) / bottom;
}

/** Many requests to a shallow model, with the memory of the server and its child looked at on the way. */
async function soak(folder: string, bodies: readonly Buffer[]) {
  const server = await serve(folder);
  try {
    const pids = [server.process.pid ?? 0, ...(await childrenOf(server.process.pid ?? 0))];
    const points: [number, number][] = [];
    const step = SOAK / 50;
    let failed = 0;
    for (let done = 0; done < SOAK; done += step) {
      const { non2xx, errors } = await cannon(server.url, bodies, { connections: 8, amount: step });
      failed += non2xx + errors;
      const memory = await Promise.all(pids.map(rssMiB));
      points.push([done + step, memory.reduce((sum, value) => sum + value, 0)]);
    }
    const settled = points.slice(points.length / 5);
    return {
      requests: SOAK,
      failed,
      firstMiB: points[0]?.[1],
      lastMiB: points.at(-1)?.[1],
      miBPerThousand: slope(settled),
    };
  } finally {
    await stop(server);
  }
}

async function stop({ process: child }: Served): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

/** Throughput beside a bare loop, overload, and memory over 50,000 requests. */
export async function run(): Promise<unknown> {
  const root = await mkdtemp(join(tmpdir(), 'graft-serve-'));
  try {
    const [deep, shallow] = [join(root, 'deep'), join(root, 'shallow')];
    await makePackage(deep, { backbone: 'human-centernet', tap: 'block-14' });
    await makePackage(shallow, { tap: 'block-04' });
    const { source, files, bodies } = await pictureFiles(root);
    const server = await serve(deep);
    const load = await throughput(server, deep, files, bodies);
    const crowd = await overload(server, bodies);
    await stop(server);
    return {
      threads: THREADS,
      pictures: files.length,
      source,
      load,
      overload: crowd,
      soak: await soak(shallow, bodies),
    };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../src/config/version.js';
import { makePackage } from '../tests/support/small-package.js';
import { writePictures } from '../tests/support/ways.js';
import { ask, endChild, startChild } from './child.js';
import { benchPictures } from './pictures.js';
import type { BareTask } from './serve/bare.js';
import { cannon, outcome } from './serve/cannon.js';

const THREADS = 2;
const CLASSES = 4;
const PICTURES = 48;
const ROUNDS = 3;
const ROUND_MS = 10_000;

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

const predictOf = (url: string): string => `${url}/api/models/champion/predict`;

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
    const served = outcome(
      await cannon(predictOf(url), bodies, { connections: 16, duration: ROUND_MS / 1000 }),
    );
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
  const crowded = outcome(await cannon(predictOf(url), bodies, { connections: 300, duration: 10 }));
  const after = outcome(await cannon(predictOf(url), bodies, { connections: 4, duration: 5 }));
  return { crowded, after };
}

async function stop({ process: child }: Served): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

/** Throughput beside a bare loop, and overload. */
export async function run(): Promise<unknown> {
  const root = await mkdtemp(join(tmpdir(), 'graft-serve-'));
  try {
    const deep = join(root, 'package');
    await makePackage(deep, { backbone: 'human-centernet', tap: 'block-14' });
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
    };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ChildProcess } from 'node:child_process';
import type { FetchLimits } from '../crawlers/index.js';
import { createRng } from '../zoo/index.js';
import { ask, endChild, startChild } from './child.js';
import type { CrawlReport, CrawlRequest } from './fetch/crawl.js';

const HOSTS = Array.from({ length: 40 }, (_, at) => `127.0.0.${at + 1}`);
const PICTURES = 2000;
const CONCURRENCY = 16;
const ROUNDS = 3;
const PACE_PER_SECOND = 5;
const MEMORY_FOLDER = '/dev/shm';

/** Middle of some rounds, with all of them, in pictures a second. */
export interface Throughput {
  readonly picturesPerSecond: number;
  readonly rounds: readonly number[];
}

/** How well the pace of each host was kept, as its server saw it. */
export interface PaceResult {
  readonly askedPerSecond: number;
  /** Largest deviation of any host's rate, as a share of the rate asked for. */
  readonly largestError: number;
  readonly smallestGapMs: number;
  readonly meanGapMs: number;
}

/** Graft and aria2c in turns, into the same kind of folder. */
export interface Comparison {
  /** Fetched, hashed and durably stored. */
  readonly graft: Throughput & { readonly cpuMsPerPicture: number; readonly peakRssMb: number };
  /** Fetched, written and synced one after the other, not hashed; `null` where aria2c is not installed. */
  readonly aria2c: Throughput | null;
  /** graft / aria2c; the aim is 0.9. */
  readonly ratio: number | null;
}

/** What one run of this benchmark measures. */
export interface FetchBenchmark {
  readonly pictures: number;
  readonly hosts: number;
  readonly megabytes: number;
  readonly concurrency: number;
  readonly disk: Comparison;
  /** In a folder of memory, where syncing costs nothing; `null` where there is none. */
  readonly memory: Comparison | null;
  readonly pace: PaceResult;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const round = (value: number, digits = 1): number => Number(value.toFixed(digits));

/** Between 5 and 500 kB, small ones more often, as on the web: uniform in the logarithm. */
function drawSizes(): number[] {
  const rng = createRng('fetch-bench');
  return Array.from({ length: PICTURES }, () => Math.round(5000 * 100 ** rng.next()));
}

const limitsOf = (perHostIntervalMs: number): Partial<FetchLimits> => ({
  concurrency: CONCURRENCY,
  perHostConcurrency: CONCURRENCY,
  perHostIntervalMs,
});

async function crawlWith(urls: readonly string[], folder: string, intervalMs: number): Promise<CrawlReport> {
  const child = startChild('fetch/crawl');
  try {
    const request: CrawlRequest = {
      urls,
      hosts: HOSTS,
      folder,
      limits: limitsOf(intervalMs),
      inHand: 2 * CONCURRENCY,
    };
    if (intervalMs > 0) request.inHand = urls.length;
    const report = await ask<CrawlReport>(child, request);
    if (report.pictures !== urls.length)
      throw new Error(
        `Only ${report.pictures} of ${urls.length} pictures: ${JSON.stringify(report.dropped)}`,
      );
    return report;
  } finally {
    await endChild(child);
  }
}

const hasAria2c = (): boolean => spawnSync('aria2c', ['--version'], { stdio: 'ignore' }).status === 0;

async function downloadWithAria2c(urls: readonly string[], folder: string): Promise<number> {
  const list = join(folder, 'list.txt');
  await writeFile(list, urls.map((url, at) => `${url}\n out=${at}.jpg\n`).join(''));
  const options = ['-i', list, '-d', folder, '-j', `${CONCURRENCY}`, '-x', '1', '-s', '1', '-q'];
  const startMs = performance.now();
  await promisify(execFile)('aria2c', [
    ...options,
    '--file-allocation=none',
    '--no-conf',
    '--auto-file-renaming=false',
  ]);
  return performance.now() - startMs;
}

async function inFolder<T>(base: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(base, 'graft-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function paceOf(arrivals: Record<string, number[]>): PaceResult {
  const gaps: number[] = [];
  const errors: number[] = [];
  for (const times of Object.values(arrivals)) {
    for (let at = 1; at < times.length; at++) gaps.push((times[at] as number) - (times[at - 1] as number));
    const spanS = ((times.at(-1) as number) - (times[0] as number)) / 1000;
    errors.push(Math.abs((times.length - 1) / spanS / PACE_PER_SECOND - 1));
  }
  return {
    askedPerSecond: PACE_PER_SECOND,
    largestError: round(Math.max(...errors), 4),
    smallestGapMs: round(Math.min(...gaps), 2),
    meanGapMs: round(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length, 2),
  };
}

function ratesOf(times: readonly number[]): Throughput {
  const rounds = times.map((ms) => round((1000 * PICTURES) / ms));
  return { picturesPerSecond: median(rounds), rounds };
}

async function compare(urls: readonly string[], base: string): Promise<Comparison> {
  const reports: CrawlReport[] = [];
  const aria2cMs: number[] = [];
  const withAria2c = hasAria2c();
  // In turns, so that whatever else the machine does meets both.
  for (let at = 0; at < ROUNDS; at++) {
    if (withAria2c) aria2cMs.push(await inFolder(base, (folder) => downloadWithAria2c(urls, folder)));
    reports.push(await inFolder(base, (folder) => crawlWith(urls, folder, 0)));
  }
  const graft = ratesOf(reports.map(({ ms }) => ms));
  const aria2c = withAria2c ? ratesOf(aria2cMs) : null;
  return {
    graft: {
      ...graft,
      cpuMsPerPicture: round(median(reports.map(({ cpuMs }) => cpuMs / PICTURES)), 2),
      peakRssMb: round(Math.max(...reports.map((report) => report.peakRssBytes)) / 1e6),
    },
    aria2c,
    ratio: aria2c && round(graft.picturesPerSecond / aria2c.picturesPerSecond, 2),
  };
}

async function measure(server: ChildProcess): Promise<FetchBenchmark> {
  const sizes = drawSizes();
  const { port } = await ask<{ port: number }>(server, { hosts: HOSTS, sizes });
  const urls = sizes.map((_, at) => `http://${HOSTS[at % HOSTS.length]}:${port}/${at}.jpg`);
  if (!hasAria2c()) console.error('SKIPPED: no aria2c to compare with; on Debian: apt-get install aria2');
  const disk = await compare(urls, tmpdir());
  const memory = existsSync(MEMORY_FOLDER) ? await compare(urls, MEMORY_FOLDER) : null;
  await ask(server, 'arrivals');
  await inFolder(tmpdir(), (folder) => crawlWith(urls, folder, 1000 / PACE_PER_SECOND));
  const pace = paceOf(await ask<Record<string, number[]>>(server, 'arrivals'));
  const megabytes = round(sizes.reduce((sum, size) => sum + size, 0) / 1e6);
  return { pictures: PICTURES, hosts: HOSTS.length, megabytes, concurrency: CONCURRENCY, disk, memory, pace };
}

/** Throughput against aria2c and the keeping of a pace, on loopback; about a minute on two idle cores. */
export async function run(): Promise<FetchBenchmark> {
  const server = startChild('fetch/serve');
  try {
    return await measure(server);
  } finally {
    await endChild(server);
  }
}

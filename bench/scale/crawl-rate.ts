import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProjectView, RunView } from '../../src/http/api.js';
import { startGraft, type GraftProcess } from '../../tests/support/graft-process.js';
import { followRun, isOver, request, startServiceProcess } from '../../tests/support/service-process.js';
import { startSlowWeb, type SlowWeb } from './slow-web.js';

/** A worker has a dozen downloads under way, so that one alone gets six a second. */
const LATENCY_MS = 2000;
/** Pictures for each worker: a minute, beside which a slow start is small. */
const PICTURES_A_WORKER = 384;
/** Many more than the workers have in hand together, so that none is idle at the end. */
const HOSTS_A_WORKER = 128;

export interface CrawlRate {
  readonly workers: number;
  readonly pictures: number;
  readonly picturesPerSecond: number;
  /** Against as many times what one worker does. */
  readonly efficiency: number;
}

async function crawl(url: string, web: SlowWeb): Promise<void> {
  const project = await request<ProjectView>(`${url}/api/projects`, {
    body: { categories: ['even', 'odd'] },
  });
  const rows = web.urls.map((imageUrl, n) => ({ category: n % 2 ? 'odd' : 'even', url: imageUrl }));
  await request(`${url}/api/projects/${project.id}/urls`, { body: { rows } });
  const settings = { providers: [], backbones: ['nsfwjs-mobilenet-v2'], curate: 'off' };
  const { id } = await request<RunView>(`${url}/api/projects/${project.id}/runs`, { body: settings });
  const run = await followRun(url, id, (view) => isOver(view) || view.counts.fetched === web.urls.length);
  if (isOver(run)) throw new Error(`The run ended before all was fetched: ${JSON.stringify(run.error)}`);
  await request(`${url}/api/runs/${id}/cancel`, { method: 'POST' });
}

async function withWorkers(
  databaseUrl: string,
  workers: number,
): Promise<{ pictures: number; rate: number }> {
  const pictures = workers * PICTURES_A_WORKER;
  const web = await startSlowWeb(workers * HOSTS_A_WORKER, pictures, LATENCY_MS);
  const folder = await mkdtemp(join(tmpdir(), 'graft-scale-'));
  const env = {
    DATABASE_URL: databaseUrl,
    GRAFT_ALLOW_PRIVATE_HOSTS: web.hosts.join(','),
    GRAFT_LEASE_SECONDS: '30',
  };
  const started: GraftProcess[] = [];
  const api = await startServiceProcess(join(folder, 'api'), { ...env, GRAFT_ROLE: 'api' });
  try {
    for (let n = 0; n < workers; n++) {
      // Only what is measured: what comes after fetching has no worker.
      const args = ['worker', '--queues', 'fetch', '--data-dir', join(folder, 'worker')];
      started.push(startGraft(args, env));
    }
    await Promise.all(started.map((worker) => worker.printed('stdout', /works on/)));
    await crawl(api.url, web);
    if (web.requests() !== pictures) throw new Error(`${web.requests()} requests for ${pictures} pictures`);
    return { pictures, rate: (1000 * pictures) / web.spanMs() };
  } finally {
    for (const { child } of started) child.kill('SIGTERM');
    await Promise.all(started.map((worker) => worker.ended()));
    await api.kill('SIGKILL');
    await web.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same crawl for each worker, by ever more of them, on a web that only makes one wait. */
export async function crawlRates(databaseUrl: string, counts: readonly number[]): Promise<CrawlRate[]> {
  const rates: CrawlRate[] = [];
  let alone = Number.NaN;
  for (const workers of counts) {
    const { pictures, rate } = await withWorkers(databaseUrl, workers);
    if (Number.isNaN(alone)) alone = rate / workers;
    const efficiency = Number((rate / (workers * alone)).toFixed(3));
    rates.push({ workers, pictures, picturesPerSecond: Number(rate.toFixed(1)), efficiency });
  }
  return rates;
}

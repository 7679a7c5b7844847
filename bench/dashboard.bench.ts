import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright';
import { findChromium } from '../crawlers/browser/find-chromium.js';
import { startService } from '../src/app.js';
import { readEnv } from '../src/config/env.js';
import { openDatabase } from '../src/storage/database.js';
import { openStorage } from '../src/storage/open-storage.js';
import { firstView, scrollFrames } from './dashboard/browse.js';
import { seedRun } from './dashboard/seed.js';

const PICTURES = 100_000;
const RUNS = 3;

/** The grid with 100,000 pictures in a real browser against the real service: first view, frames while scrolling, answers of the API. */
export async function run(): Promise<unknown> {
  const dataDir = await mkdtemp(join(tmpdir(), 'graft-bench-dashboard-'));
  const env = readEnv({ GRAFT_DATA_DIR: dataDir });
  try {
    const runId = await seeded(env);
    const service = await startService({ env, port: 0, logLevel: 'silent', idle: true });
    const executablePath = await findChromium(undefined, chromium.executablePath());
    if (!executablePath) throw new Error('This benchmark needs Chromium.');
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    try {
      return { pictures: PICTURES, ...(await measure(browser, service.url, runId)) };
    } finally {
      await browser.close();
      await service.close();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function seeded(env: ReturnType<typeof readEnv>): Promise<string> {
  const database = await openDatabase(env);
  try {
    return await seedRun(database, openStorage(env).blobs, PICTURES);
  } finally {
    await database.close();
  }
}

async function measure(browser: Browser, url: string, runId: string) {
  const api = await answers(`${url}/api/runs/${runId}`);
  const first = [];
  for (let i = 0; i < RUNS; i++) {
    first.push({
      start: await firstView(browser, url, 'form'),
      grid: await firstView(browser, `${url}/runs/${runId}/pictures`, '[role=option] img'),
    });
  }
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${url}/runs/${runId}/pictures`);
  await page.waitForSelector('[role=option] img');
  return {
    api,
    first,
    peer: await emptyFrames(page),
    slow: await scrollFrames(page, 20, 240),
    fast: await scrollFrames(page, 400, 240),
  };
}

/** The same loop on a page that does nothing: what this machine's browser can do at all. */
async function emptyFrames(page: Page) {
  const blank = await page.context().newPage();
  await blank.setContent(
    '<div role="listbox" style="height:500px;overflow:auto"><div style="height:1e6px"></div></div>',
  );
  const frames = await scrollFrames(blank, 20, 240);
  await blank.close();
  return frames;
}

/** Milliseconds of each question, the first time and the second. */
async function answers(run: string): Promise<Record<string, [number, number]>> {
  const questions = {
    firstPage: '/images?limit=200',
    middlePage: '/images?limit=200&offset=50000',
    suspicious: '/images?limit=200&sort=suspicion&doubt=any',
    dropped: '/images?limit=200&state=dropped',
    facets: '/facets',
    groups: '/groups',
    run: '',
  };
  const times: Record<string, [number, number]> = {};
  for (const [name, path] of Object.entries(questions))
    times[name] = [await timeOf(run + path), await timeOf(run + path)];
  return times;
}

async function timeOf(url: string): Promise<number> {
  const begun = performance.now();
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
  return Math.round(performance.now() - begun);
}

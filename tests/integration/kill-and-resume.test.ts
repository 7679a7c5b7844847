import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProjectView, Report, RunView } from '../../src/http/api.js';
import { STAGES, type StageName } from '../../src/runs/run.js';
import { openDatabase } from '../../src/storage/database.js';
import { fetches, inspections } from '../../src/storage/schema.js';
import { followRun, isOver, request, startServiceProcess } from '../support/service-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const SETTINGS = {
  providers: ['gallery'],
  imagesPerCategory: 24,
  seed: 5,
  backbones: ['nsfwjs-mobilenet-v2'],
};
const KILL_AT: readonly StageName[] = ['fetch', 'inspect', 'features', 'trials', 'package'];

async function begin(url: string): Promise<string> {
  const project = await request<ProjectView>(`${url}/api/projects`, {
    body: { categories: ['fruit', 'vehicle'] },
  });
  const run = await request<RunView>(`${url}/api/projects/${project.id}/runs`, { body: SETTINGS });
  return run.id;
}

/** What is finished so far, read from the files themselves while no process holds them. */
async function finishedWork(dataDir: string, runId: string): Promise<Map<string, string>> {
  const database = await openDatabase({ dataDir, databaseUrl: null });
  try {
    const fetched = await database.db
      .select()
      .from(fetches)
      .where(eq(fetches.runId, runId))
      .orderBy(asc(fetches.candidateId));
    const inspected = await database.db.select().from(inspections).where(eq(inspections.runId, runId));
    return new Map([
      ...fetched.map(
        (row) => [`fetch ${row.candidateId}`, `${row.fetchedAt.toISOString()} ${row.sha256}`] as const,
      ),
      ...inspected.map((row) => [`inspect ${row.candidateId}`, JSON.stringify(row.measures)] as const),
    ]);
  } finally {
    await database.close();
  }
}

/** In the stage and, where that is items one by one, in the middle of it. */
const reached = (run: RunView, stage: StageName): boolean => {
  if (isOver(run) || STAGES.indexOf(run.stage) > STAGES.indexOf(stage)) return true;
  return run.stage === stage && (stage !== 'fetch' || run.counts.fetched >= 5);
};

async function blobTimes(dataDir: string): Promise<Map<string, number>> {
  const folder = join(dataDir, 'blobs');
  // Killed before the first picture was stored, there is no such folder yet.
  const names = await readdir(folder, { recursive: true }).catch((): string[] => []);
  const entries = await Promise.all(
    names.map(async (name) => [name, await stat(join(folder, name))] as const),
  );
  return new Map(entries.filter(([, info]) => info.isFile()).map(([name, info]) => [name, info.mtimeMs]));
}

const essence = ({ counts, split, trials, selected, categories }: Report): unknown => ({
  counts,
  split,
  categories,
  // Times are measured anew in every run, and the Pareto front hangs on them.
  trials: trials.map(({ cost, ...trial }) => ({
    ...trial,
    pareto: null,
    cost: { ...cost, latencyMs: null },
  })),
  selected: { ...selected, cost: { ...selected.cost, latencyMs: null } },
});

describe('a run whose process is killed', () => {
  let undisturbed: Report;
  const cleanups: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const clean of cleanups.reverse()) await clean();
  });

  beforeAll(async () => {
    const folder = await temporaryFolder();
    cleanups.push(folder.remove);
    const service = await startServiceProcess(folder.path);
    const runId = await begin(service.url);
    const run = await followRun(service.url, runId, isOver);
    expect(run.error).toBeNull();
    undisturbed = await request<Report>(`${service.url}/api/runs/${runId}/report`);
    await service.kill('SIGTERM');
  });

  it('resumes after SIGKILL in each stage, repeats no finished work, and ends with the same model', async () => {
    const folder = await temporaryFolder();
    cleanups.push(folder.remove);
    let service = await startServiceProcess(folder.path);
    cleanups.push(() => service.kill('SIGKILL'));
    const runId = await begin(service.url);
    let before = new Map<string, string>();
    let blobs = new Map<string, number>();
    for (const stage of KILL_AT) {
      await followRun(service.url, runId, (run) => reached(run, stage));
      await service.kill('SIGKILL');
      const now = await finishedWork(folder.path, runId);
      for (const [key, value] of before) expect(now.get(key)).toBe(value);
      const blobsNow = await blobTimes(folder.path);
      for (const [name, time] of blobs) expect(blobsNow.get(name)).toBe(time);
      [before, blobs] = [now, blobsNow];
      service = await startServiceProcess(folder.path);
    }
    const run = await followRun(service.url, runId, isOver);
    expect(run.error).toBeNull();
    expect(run.state).toBe('succeeded');
    const report = await request<Report>(`${service.url}/api/runs/${runId}/report`);
    expect(essence(report)).toEqual(essence(undisturbed));
    await service.kill('SIGTERM');
    const after = await finishedWork(folder.path, runId);
    for (const [key, value] of before) expect(after.get(key)).toBe(value);
    expect([...after.keys()].filter((key) => key.startsWith('fetch'))).toHaveLength(report.counts.candidates);
  });
});

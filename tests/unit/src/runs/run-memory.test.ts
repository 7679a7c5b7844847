import { describe, expect, it } from 'vitest';
import { RunMemory } from '../../../../src/runs/run-memory.js';
import { openDatabase, type Database } from '../../../../src/storage/database.js';
import { projects, runs } from '../../../../src/storage/schema.js';
import { runSettingsSchema } from '../../../../src/config/settings.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';

async function addRun(database: Database, finishedAt: Date | null): Promise<string> {
  const [project] = await database.db.insert(projects).values({ name: 'p' }).returning();
  const settings = runSettingsSchema.parse({});
  const [run] = await database.db
    .insert(runs)
    .values({ projectId: project?.id ?? '', settings, finishedAt })
    .returning();
  return run?.id ?? '';
}

describe('what is remembered of a run', () => {
  it('holds while its records stand still: for good when it is over, for two seconds while it works', async () => {
    const folder = await temporaryFolder();
    const database = await openDatabase({ dataDir: folder.path, databaseUrl: null });
    let now = new Date('2026-01-01T00:00:00Z');
    const memory = new RunMemory(database, { now: () => now });
    let asked = 0;
    const ask = (): Promise<number> => Promise.resolve(++asked);
    const over = await addRun(database, new Date('2025-12-31T00:00:00Z'));
    const working = await addRun(database, null);
    expect(await memory.recall(over, 'order', ask)).toBe(1);
    expect(await memory.recall(working, 'order', ask)).toBe(2);
    now = new Date('2026-01-01T00:00:01Z');
    expect(await memory.recall(working, 'order', ask)).toBe(2);
    now = new Date('2026-01-01T00:00:02Z');
    expect(await memory.recall(working, 'order', ask)).toBe(3);
    expect(await memory.recall(over, 'order', ask)).toBe(1);
    expect(await memory.recall(over, 'other question', ask)).toBe(4);
    await expect(memory.recall(over, 'broken', () => Promise.reject(new Error('away')))).rejects.toThrow(
      'away',
    );
    expect(await memory.recall(over, 'broken', ask)).toBe(5);
    await database.close();
    await folder.remove();
  });
});

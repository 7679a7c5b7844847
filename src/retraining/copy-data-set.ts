import { sql } from 'drizzle-orm';
import type { RunSettings } from '../config/settings.js';
import { copyByCandidate, copyByRun } from '../runs/copy-records.js';
import { STAGES } from '../runs/run.js';
import type { RunRecord } from '../runs/stage.js';
import type { Transaction } from '../storage/database.js';
import {
  candidates,
  curationReports,
  curations,
  duplicates,
  fetches,
  inspections,
  runs,
  runStages,
  runVersions,
  searches,
  splits,
} from '../storage/schema.js';

/**
 * A new run with the data set of another, down to the split: it goes on at the stage features, so that only a network is new.
 * @returns its id
 */
export async function copyDataSet(tx: Transaction, from: RunRecord, settings: RunSettings): Promise<string> {
  const { projectId, round } = from;
  const [row] = await tx
    .insert(runs)
    .values({ projectId, settings, round, stage: 'features' })
    .returning({ id: runs.id });
  const copy = { from: from.id, to: row?.id ?? '' };
  await copyByRun(tx, candidates, copy);
  for (const table of [fetches, inspections, duplicates, curations, splits])
    await copyByCandidate(tx, table, copy);
  for (const table of [searches, runVersions, curationReports]) await copyByRun(tx, table, copy);
  await renameKeepers(tx, copy.to);
  const before = STAGES.slice(0, STAGES.indexOf('features'));
  const note = `as in run ${from.id.slice(0, 8)}`;
  await tx
    .insert(runStages)
    .values(before.map((stage) => ({ runId: copy.to, stage, state: 'done' as const, note })));
  return copy.to;
}

/** A dropped copy names its keeper by id, and ids differ in the copy of the run. */
async function renameKeepers(tx: Transaction, runId: string): Promise<void> {
  await tx.execute(sql`
    update ${duplicates} d set keeper_id = n.id
    from ${candidates} o
    join ${candidates} n on n.category_id = o.category_id and n.image_url = o.image_url and n.run_id = ${runId}
    where d.run_id = ${runId} and o.id = d.keeper_id`);
}

import { openBucket } from '../../src/storage/s3/bucket.js';
import { sha256Of } from '../../src/storage/blob-store.js';
import type { Report } from '../../src/http/api.js';
import { query } from './faults.js';
import type { Cluster } from './cluster.js';

/** What the records of a run say, when it is over. */
export interface Audit {
  /** What should be there and is not. */
  readonly lost: readonly string[];
  /** What is there more than once. */
  readonly doubled: readonly string[];
}

/** Counts that must be zero, of one run. */
const LOST = {
  'candidates without a verdict': `select count(*)::int n from candidates c left join fetches f on f.candidate_id = c.id
    where c.run_id = $1 and f.candidate_id is null`,
  'pictures never looked at': `select count(*)::int n from fetches f left join inspections i on i.candidate_id = f.candidate_id
    where f.run_id = $1 and f.sha256 is not null and i.candidate_id is null`,
  'no model': `select 1 - count(*)::int n from models where run_id = $1 having count(*) = 0`,
};
const DOUBLED = {
  candidates: `select count(*)::int n from (select 1 from candidates where run_id = $1 group by category_id, image_url
    having count(*) > 1) d`,
  trials: `select count(*)::int n from (select 1 from trials where run_id = $1 group by position having count(*) > 1) d`,
  predictions: `select count(*)::int n from (select 1 from held_out_predictions where run_id = $1 group by candidate_id
    having count(*) > 1) d`,
  models: `select greatest(0, count(*)::int - 1) n from models where run_id = $1`,
  events: `select greatest(0, count(*)::int - 1) n from model_events e join models m on m.id = e.to_id
    where m.run_id = $1 and e.action = 'built'`,
};

async function counts(
  cluster: Cluster,
  runId: string,
  queries: Readonly<Record<string, string>>,
): Promise<string[]> {
  const found: string[] = [];
  for (const [name, text] of Object.entries(queries)) {
    const n = (await query<{ n: number }>(cluster, text, [runId]))[0]?.n ?? 0;
    if (n > 0) found.push(`${n} ${name}`);
  }
  return found;
}

/** Every picture with a record lies in the storage, whole. */
async function missingBlobs(cluster: Cluster, runId: string): Promise<string[]> {
  const rows = await query<{ sha256: string }>(
    cluster,
    'select distinct sha256 from fetches where run_id = $1 and sha256 is not null',
    [runId],
  );
  const bucket = openBucket(cluster.s3.direct);
  try {
    const missing: string[] = [];
    for (const { sha256 } of rows) {
      const bytes = await bucket.get(`blobs/${sha256.slice(0, 2)}/${sha256}`);
      if (!bytes || sha256Of(bytes) !== sha256) missing.push(`the picture ${sha256}`);
    }
    return missing;
  } finally {
    bucket.close();
  }
}

export async function audit(cluster: Cluster, runId: string): Promise<Audit> {
  return {
    lost: [...(await counts(cluster, runId, LOST)), ...(await missingBlobs(cluster, runId))],
    doubled: await counts(cluster, runId, DOUBLED),
  };
}

/** What must be equal in a disturbed and an undisturbed run: everything but times and names. */
export const essence = ({ counts: found, split, trials, selected }: Report): string =>
  JSON.stringify([
    found,
    split,
    trials.map(({ backbone, tap, head, params, validation }) => [backbone, tap, head, params, validation]),
    [selected.backbone, selected.tap, selected.head, selected.validation, selected.test],
  ]);

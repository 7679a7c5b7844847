import { sql } from 'drizzle-orm';
import type { Database } from '../storage/database.js';
import type { RunCounts } from './run.js';

interface CountRow {
  candidates: number;
  fetched: number;
  judged: number;
  reason: string | null;
}

/**
 * The latest verdict on each candidate of a run: the reason of the last stage that has a record of it. Kept in one place
 * so that counts, image lists and the report cannot disagree. A person may put back what dedupe dropped: then curation's word counts. `judged` tells whether dedupe, the last judge, has seen it.
 */
export const VERDICTS = sql`
  select c.id, c.run_id,
    case when k.candidate_id is not null then coalesce(s.reason, k.reason)
      else coalesce(s.reason, d.reason, i.reason, f.reason) end as reason,
    (d.candidate_id is not null) as judged,
    (f.sha256 is not null) as fetched
  from candidates c
  left join fetches f on f.candidate_id = c.id
  left join inspections i on i.candidate_id = c.id
  left join duplicates d on d.candidate_id = c.id
  left join curations k on k.candidate_id = c.id
  left join splits s on s.candidate_id = c.id`;

/** Counts of a run so far: every candidate is kept, dropped under one reason, or still on its way. */
export async function countRun(database: Database, runId: string): Promise<RunCounts> {
  const query = sql`
    select count(*)::int as candidates, count(*) filter (where fetched)::int as fetched,
      count(*) filter (where judged)::int as judged, reason
    from (${VERDICTS} where c.run_id = ${runId}) verdicts group by reason`;
  const counts: RunCounts = { candidates: 0, fetched: 0, kept: 0, dropped: {} };
  for (const row of await database.rows<CountRow>(query)) {
    counts.candidates += row.candidates;
    counts.fetched += row.fetched;
    if (row.reason === null) counts.kept += row.judged;
    else counts.dropped[row.reason] = row.candidates;
  }
  return counts;
}

import { sql } from 'drizzle-orm';
import { rasteriseSvg } from '../../zoo/index.js';
import type { BlobStore } from '../../src/storage/blob-store.js';
import type { Database } from '../../src/storage/database.js';

/** Pictures that are really stored; the records of the run share them, as pictures of one size they cost the grid the same. */
const DISTINCT = 600;
const SIDE = 320;
const CATEGORIES = ['cat', 'dog', 'fox', 'owl', 'hare', 'deer', 'otter', 'mole'];

const picture = (i: number): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}" viewBox="0 0 ${SIDE} ${SIDE}">
    <rect width="${SIDE}" height="${SIDE}" fill="hsl(${(i * 37) % 360} 60% 72%)"/>
    <circle cx="${40 + ((i * 53) % 240)}" cy="${40 + ((i * 97) % 240)}" r="${30 + (i % 70)}" fill="hsl(${(i * 91) % 360} 70% 40%)"/>
  </svg>`;

async function store(blobs: BlobStore): Promise<string[]> {
  const names: string[] = [];
  for (let i = 0; i < DISTINCT; i++)
    names.push(
      await blobs.put(
        await rasteriseSvg(picture(i), { width: SIDE, height: SIDE }, '#ffffff', {
          format: 'jpeg',
          quality: 85,
        }),
      ),
    );
  return names;
}

/** A finished run with so many pictures in its records as the stages would have left them: kept, dropped, doubted and copied. */
export async function seedRun(database: Database, blobs: BlobStore, pictures: number): Promise<string> {
  const names = await store(blobs);
  const [project] = await database.rows<{ id: string }>(
    sql`insert into projects (name) values ('bench') returning id`,
  );
  for (const [position, name] of CATEGORIES.entries())
    await database.rows(
      sql`insert into categories (project_id, name, key, position) values (${project?.id}, ${name}, ${name}, ${position})`,
    );
  const [run] = await database.rows<{ id: string }>(sql`
    insert into runs (project_id, state, stage, settings, finished_at)
    values (${project?.id}, 'succeeded', 'package', ${JSON.stringify({ providers: ['gallery'] })}::jsonb, now()) returning id`);
  const runId = run?.id ?? '';
  const blob = sql`(${sql.raw(`array['${names.join("','")}']`)})[1 + n % ${sql.raw(String(DISTINCT))}]`;
  await database.rows(sql`
    insert into candidates (run_id, category_id, round, provider, query, rank, image_url, page_url, title, licence)
    select ${runId}, k.id, 0, case when n % 3 = 0 then 'openverse' else 'wikimedia-commons' end, k.name || ' ' || n % 40, n,
      'http://pictures.example/' || n || '.jpg', 'http://pictures.example/' || n, 'Picture ' || n, 'CC-BY-4.0'
    from generate_series(1, ${pictures}) n join categories k on k.project_id = ${project?.id} and k.position = n % ${CATEGORIES.length}`);
  await database.rows(sql`
    insert into fetches (candidate_id, run_id, reason, sha256, bytes, mime)
    select id, run_id, case when n % 50 = 0 then 'http-404' end, case when n % 50 = 0 then null else ${blob} end, 20000, 'image/jpeg'
    from (select id, run_id, rank as n from candidates where run_id = ${runId}) c`);
  await database.rows(sql`
    insert into inspections (candidate_id, run_id, reason, width, height, format)
    select f.candidate_id, f.run_id, case when c.rank % 31 = 0 then 'too-small' end, ${SIDE}, ${SIDE}, 'jpeg'
    from fetches f join candidates c on c.id = f.candidate_id where f.run_id = ${runId} and f.reason is null`);
  await database.rows(sql`
    insert into duplicates (candidate_id, run_id, group_key, reason, distance)
    select i.candidate_id, i.run_id, 'group ' || c.rank / 4, case when c.rank % 9 = 0 then 'near-duplicate' end, c.rank % 9
    from inspections i join candidates c on c.id = i.candidate_id where i.run_id = ${runId} and i.reason is null`);
  await database.rows(sql`
    insert into curations (candidate_id, run_id, category_id, doubt, suspicion)
    select d.candidate_id, d.run_id, c.category_id, case when c.rank % 17 = 0 then 'outlier' end, case when c.rank % 17 = 0 then c.rank % 100 / 100.0 end
    from duplicates d join candidates c on c.id = d.candidate_id where d.run_id = ${runId} and d.reason is null`);
  await database.rows(sql`
    insert into splits (candidate_id, run_id, part, fold)
    select candidate_id, run_id, 'train', 1 from curations where run_id = ${runId}`);
  await database.rows(sql`analyze`);
  return runId;
}

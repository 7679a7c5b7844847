import { Inject, Injectable } from '@nestjs/common';
import { sql, type SQL } from 'drizzle-orm';
import type { Facets, ImageGroups, ImageStory, Without, WithoutQuery } from '../http/api.js';
import { notFound } from '../runs/errors.js';
import { ImageList, STORY } from '../runs/image-list.js';
import { RunMemory } from '../runs/run-memory.js';
import type { Database } from '../storage/database.js';
import { DATABASE } from '../storage/tokens.js';
import { toFacets, type FacetRow } from './facets.js';

/** Another find of the same picture, by a query that stays: its copy would take its place. */
const COPY_REASONS = ['exact-duplicate', 'near-duplicate'];

type StoryRow = Omit<ImageStory, 'image' | 'retries'>;

/** Answers about the pictures of a run beyond the list of them. */
@Injectable()
export class PictureFacts {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly images: ImageList,
    private readonly memory: RunMemory,
  ) {}

  facets(runId: string): Promise<Facets> {
    return this.memory.recall(runId, 'facets', async () => {
      const rows = await this.database.rows<FacetRow>(sql`
        select category, position, provider, query, state, stage, reason, doubt, count(*)::int as pictures
        from (${STORY} where c.run_id = ${runId}) story
        group by category, position, provider, query, state, stage, reason, doubt
        order by position, provider, query`);
      return toFacets(rows, (await this.groupKeys(runId)).length);
    });
  }

  async groups(runId: string, { offset, limit }: { offset: number; limit: number }): Promise<ImageGroups> {
    const keys = await this.groupKeys(runId);
    const shown = keys.slice(offset, offset + limit);
    return { total: keys.length, offset, items: await this.withMembers(runId, shown) };
  }

  /** The largest groups first. */
  private groupKeys(runId: string): Promise<string[]> {
    return this.memory.recall(runId, 'groups', async () => {
      const rows = await this.database.rows<{ key: string }>(sql`
        select group_key as key from duplicates where run_id = ${runId}
        group by group_key having count(*) > 1 order by count(*) desc, group_key`);
      return rows.map(({ key }) => key);
    });
  }

  private async withMembers(runId: string, keys: readonly string[]): Promise<ImageGroups['items']> {
    if (keys.length === 0) return [];
    const list = sql.join(
      keys.map((key) => sql`${key}`),
      sql`, `,
    );
    const rows = await this.database.rows<{ id: string; key: string }>(sql`
      select candidate_id as id, group_key as key from duplicates
      where run_id = ${runId} and group_key in (${list})
      order by (reason is null) desc, distance nulls first, candidate_id`);
    const views = await this.images.byIds(rows.map(({ id }) => id));
    return keys.map((group) => ({ group, members: views.filter((view) => view.group === group) }));
  }

  /** What would be left without the pictures of a query, and which copies would stand in for them. */
  async without(runId: string, left: WithoutQuery): Promise<Without> {
    const scope = left.category === undefined ? sql`true` : sql`category = ${left.category}`;
    const kept = sql`(${STORY} where c.run_id = ${runId}) story where state = 'kept' and ${scope}`;
    const [now] = await this.database.rows<{ pictures: number }>(
      sql`select count(*)::int as pictures from ${kept}`,
    );
    const gone = await this.database.rows<{ sha256: string; part: string | null; replaced: boolean }>(
      sql`select sha256, part, ${standIn(runId, left)} as replaced from ${kept} and ${from(left, sql`story`)}`,
    );
    const lost = gone.filter((row) => !row.replaced);
    const inPart = (part: string): number => lost.filter((row) => row.part === part).length;
    return {
      keptNow: now?.pictures ?? 0,
      keptWithout: (now?.pictures ?? 0) - lost.length,
      replaced: gone.length - lost.length,
      lost: { train: inPart('train'), validation: inPart('validation'), test: inPart('test') },
      sha256: [...new Set(lost.map((row) => row.sha256))],
    };
  }

  async story(imageId: string): Promise<ImageStory> {
    const [image] = await this.images.byIds([imageId]);
    const [row] = await this.database.rows<StoryRow>(storyOf(imageId));
    if (!image || !row) throw notFound('picture', imageId, 'GET /api/runs/{runId}/images lists them.');
    const retries = await this.database.rows<ImageStory['retries'][number]>(sql`
      select reason, detail, ${iso(sql`retried_at`)} as at from fetch_retries
      where candidate_id = ${imageId} order by retried_at`);
    return { ...row, image, retries };
  }
}

const from = ({ provider, query }: WithoutQuery, table: SQL): SQL =>
  query === undefined
    ? sql`${table}.provider = ${provider}`
    : sql`${table}.provider = ${provider} and ${table}.query = ${query}`;

/** A copy of the picture that was found elsewhere: dropped as a copy, or not even downloaded because it was known. */
function standIn(runId: string, left: WithoutQuery): SQL {
  const copies = sql.join(
    COPY_REASONS.map((reason) => sql`${reason}`),
    sql`, `,
  );
  return sql`(exists (
      select 1 from duplicates d join candidates other on other.id = d.candidate_id
      where d.run_id = ${runId} and d.group_key = story."group" and d.candidate_id <> story.id
        and d.reason in (${copies}) and not (${from(left, sql`other`)}))
    or exists (
      select 1 from candidates other
      where other.run_id = ${runId} and other.twin_of = story."imageUrl" and not (${from(left, sql`other`)})))`;
}

/** The same text from both databases, whatever their drivers make of a timestamp. */
const iso = (column: SQL): SQL => sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const storyOf = (imageId: string): SQL => sql`
  select c.run_id as "runId", r.project_id as "projectId", d.distance,
    case when f.candidate_id is null then null else json_build_object('bytes', f.bytes, 'mime', f.mime,
      'finalUrl', f.final_url, 'fetchedAt', ${iso(sql`f.fetched_at`)}) end as fetch,
    case when i.candidate_id is null then null else json_build_object('format', i.format,
      'measures', coalesce(i.measures, '{}'::jsonb)) end as inspection,
    case when s.sha256 is null then null else json_build_object('action', s.action, 'category', k.name,
      'at', ${iso(sql`s.decided_at`)}) end as decided
  from candidates c
  join runs r on r.id = c.run_id
  left join fetches f on f.candidate_id = c.id
  left join inspections i on i.candidate_id = c.id
  left join duplicates d on d.candidate_id = c.id
  left join decisions s on s.project_id = r.project_id and s.sha256 = f.sha256
  left join categories k on k.id = s.category_id
  where c.id = ${imageId}`;

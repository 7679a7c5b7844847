import { Inject, Injectable } from '@nestjs/common';
import { sql, type SQL } from 'drizzle-orm';
import type { ImageQuery, ImageView } from '../http/api.js';
import type { Database } from '../storage/database.js';
import { DATABASE } from '../storage/tokens.js';
import { RunMemory } from './run-memory.js';

/** The last judge's word; a person may put back what dedupe dropped, and then curation's counts. */
const REASON = sql`case when u.candidate_id is not null then coalesce(s.reason, u.reason)
  else coalesce(s.reason, d.reason, i.reason, f.reason) end`;

/** The join that tells a picture's story, one row a candidate, with its state by the last stage that judged it. */
export const STORY = sql`
  select c.id, k.name as category, k.position, c.provider, c.query, c.rank, c.image_url as "imageUrl",
    c.page_url as "pageUrl", c.title, c.creator, c.licence, c.licence_url as "licenceUrl",
    f.sha256, f.fetched_at, coalesce(i.width, c.width) as width, coalesce(i.height, c.height) as height,
    s.part, d.keeper_id as "duplicateOf", d.group_key as "group",
    u.doubt, u.suspicion, u.margin, suggested.name as "suggestedCategory", u.decision,
    case when u.category_id <> c.category_id then origin.name end as "movedFrom",
    ${REASON} as reason,
    case when s.reason is not null then null when u.candidate_id is not null then u.detail
      else coalesce(d.detail, i.detail, f.detail) end as detail,
    case when s.candidate_id is not null then 'split' when u.candidate_id is not null then 'curate'
      when d.candidate_id is not null then 'dedupe'
      when i.candidate_id is not null then 'inspect' when f.candidate_id is not null then 'fetch' else 'search' end as stage,
    case when ${REASON} is not null then 'dropped'
      when d.candidate_id is not null then 'kept' else 'pending' end as state
  from candidates c
  join categories origin on origin.id = c.category_id
  left join fetches f on f.candidate_id = c.id
  left join inspections i on i.candidate_id = c.id
  left join duplicates d on d.candidate_id = c.id
  left join curations u on u.candidate_id = c.id
  join categories k on k.id = coalesce(u.category_id, c.category_id)
  left join categories suggested on suggested.id = u.suggested_id
  left join splits s on s.candidate_id = c.id`;

type StoryRow = ImageView & { position?: number; margin?: number | null; fetched_at?: unknown };

function toView({
  position: _position,
  margin: _margin,
  fetched_at: _fetchedAt,
  ...view
}: StoryRow): ImageView {
  return view;
}

/** One of two categories is wrong. */
const CROSS_CATEGORY_SUSPICION = 0.5;

/** The last key makes each order total, so that pages neither overlap nor leave gaps. */
const ORDERS: Readonly<Record<ImageQuery['sort'], SQL>> = {
  found: sql`position, provider, query, rank, id`,
  newest: sql`fetched_at desc nulls last, id`,
  suspicion: sql`coalesce(suspicion, case when reason = 'cross-category' then ${CROSS_CATEGORY_SUSPICION}::float8 else -1 end) desc,
    margin desc nulls last, sha256, position, id`,
  largest: sql`width::bigint * height desc nulls last, id`,
};

/** Reads the pictures of a run with their state and reason. */
@Injectable()
export class ImageList {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly memory: RunMemory,
  ) {}

  /**
   * A page of the pictures that a query asks for. Putting 100,000 pictures in order takes the database most of a second, and a page
   * of them milliseconds: so the order is remembered as long as the run's records stand still.
   */
  async page(
    runId: string,
    query: ImageQuery,
  ): Promise<{ total: number; offset: number; items: ImageView[] }> {
    const { offset, limit, ...asked } = query;
    const ids = await this.memory.recall(runId, JSON.stringify(asked), () => this.inOrder(runId, query));
    const items = await this.byIds(ids.slice(offset, offset + limit));
    return { total: ids.length, offset, items };
  }

  private async inOrder(runId: string, query: ImageQuery): Promise<string[]> {
    const rows = await this.database.rows<{ id: string }>(
      sql`select id from (${STORY} where c.run_id = ${runId}) story where ${filters(query)} order by ${ORDERS[query.sort]}`,
    );
    return rows.map(({ id }) => id);
  }

  /** Pictures in the order of their ids; one that is gone is left out. */
  async byIds(ids: readonly string[]): Promise<ImageView[]> {
    if (ids.length === 0) return [];
    const list = sql.join(
      ids.map((id) => sql`${id}::uuid`),
      sql`, `,
    );
    const rows = await this.database.rows<StoryRow>(sql`${STORY} where c.id in (${list})`);
    const found = new Map(rows.map((row) => [row.id, toView(row)]));
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  async find(imageId: string): Promise<ImageView | null> {
    const [item] = await this.database.rows<StoryRow>(sql`${STORY} where c.id = ${imageId}`);
    return item ? toView(item) : null;
  }

  /**
   * What a person should look at, the most suspicious first: doubted pictures, kept or dropped, and pictures that were found
   * under several categories; none that a person has decided about.
   */
  async doubted(
    runId: string,
    { offset, limit }: { offset: number; limit: number },
  ): Promise<{ total: number; offset: number; items: ImageView[] }> {
    const story = sql`(${STORY} where c.run_id = ${runId}) story
      where (doubt is not null or reason = 'cross-category') and not exists (
        select 1 from duplicates mine
        join duplicates twin on twin.run_id = mine.run_id and twin.group_key = mine.group_key
        join fetches copy on copy.candidate_id = twin.candidate_id
        join runs r on r.id = mine.run_id
        join decisions said on said.project_id = r.project_id and said.sha256 = copy.sha256
        where mine.candidate_id = story.id)`;
    const [total] = await this.database.rows<{ total: number }>(
      sql`select count(*)::int as total from ${story}`,
    );
    const items = await this.database.rows<StoryRow>(
      sql`select * from ${story} order by coalesce(suspicion, ${CROSS_CATEGORY_SUSPICION}) desc,
        margin desc nulls last, sha256, position limit ${limit} offset ${offset}`,
    );
    return { total: total?.total ?? 0, offset, items: items.map(toView) };
  }
}

function filters(query: ImageQuery): SQL {
  const parts = [sql`true`];
  if (query.category !== undefined) parts.push(sql`category = ${query.category}`);
  if (query.state !== undefined) parts.push(sql`state = ${query.state}`);
  if (query.reason !== undefined) parts.push(sql`reason = ${query.reason}`);
  if (query.provider !== undefined) parts.push(sql`provider = ${query.provider}`);
  if (query.query !== undefined) parts.push(sql`query = ${query.query}`);
  if (query.group !== undefined) parts.push(sql`"group" = ${query.group}`);
  if (query.doubt === 'any') parts.push(sql`doubt is not null`);
  else if (query.doubt !== undefined) parts.push(sql`doubt = ${query.doubt}`);
  return sql.join(parts, sql` and `);
}

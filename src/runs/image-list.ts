import { Inject, Injectable } from '@nestjs/common';
import { sql, type SQL } from 'drizzle-orm';
import type { ImageQuery, ImageView } from '../http/api.js';
import type { Database } from '../storage/database.js';
import { DATABASE } from '../storage/tokens.js';

/** The join that tells a picture's story, one row a candidate, with its state by the last stage that judged it. */
const STORY = sql`
  select c.id, k.name as category, k.position, c.provider, c.query, c.rank, c.image_url as "imageUrl",
    c.page_url as "pageUrl", c.title, c.creator, c.licence, c.licence_url as "licenceUrl",
    f.sha256, coalesce(i.width, c.width) as width, coalesce(i.height, c.height) as height,
    s.part, d.keeper_id as "duplicateOf",
    coalesce(s.reason, d.reason, i.reason, f.reason) as reason,
    case when s.reason is not null then null else coalesce(d.detail, i.detail, f.detail) end as detail,
    case when s.candidate_id is not null then 'split' when d.candidate_id is not null then 'dedupe'
      when i.candidate_id is not null then 'inspect' when f.candidate_id is not null then 'fetch' else 'search' end as stage,
    case when coalesce(s.reason, d.reason, i.reason, f.reason) is not null then 'dropped'
      when d.candidate_id is not null then 'kept' else 'pending' end as state
  from candidates c
  join categories k on k.id = c.category_id
  left join fetches f on f.candidate_id = c.id
  left join inspections i on i.candidate_id = c.id
  left join duplicates d on d.candidate_id = c.id
  left join splits s on s.candidate_id = c.id`;

/** Reads the pictures of a run with their state and reason. */
@Injectable()
export class ImageList {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  async page(
    runId: string,
    query: ImageQuery,
  ): Promise<{ total: number; offset: number; items: ImageView[] }> {
    const story = sql`(${STORY} where c.run_id = ${runId}) story where ${filters(query)}`;
    const [total] = await this.database.rows<{ total: number }>(
      sql`select count(*)::int as total from ${story}`,
    );
    const items = await this.database.rows<ImageView & { position?: number }>(
      sql`select * from ${story} order by position, provider, query, rank, id limit ${query.limit} offset ${query.offset}`,
    );
    for (const item of items) delete item.position;
    return { total: total?.total ?? 0, offset: query.offset, items };
  }

  async find(imageId: string): Promise<ImageView | null> {
    const [item] = await this.database.rows<ImageView & { position?: number }>(
      sql`${STORY} where c.id = ${imageId}`,
    );
    delete item?.position;
    return item ?? null;
  }
}

function filters(query: ImageQuery): SQL {
  const parts = [sql`true`];
  if (query.category !== undefined) parts.push(sql`category = ${query.category}`);
  if (query.state !== undefined) parts.push(sql`state = ${query.state}`);
  if (query.reason !== undefined) parts.push(sql`reason = ${query.reason}`);
  return sql.join(parts, sql` and `);
}

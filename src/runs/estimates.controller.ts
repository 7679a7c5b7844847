import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { GetsNeedRead } from '../access/scopes.js';
import { sql } from 'drizzle-orm';
import { EstimateDto, EstimateQueryDto } from '../http/dto.js';
import type { Database } from '../storage/database.js';
import { DATABASE } from '../storage/tokens.js';
import { estimate, type PastRun } from './estimate.js';

/** Machines and networks change: only the latest runs speak for the next one. */
const RUNS = 8;

@ApiTags('runs')
@GetsNeedRead()
@Controller('api/estimate')
export class EstimatesController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** What a run will take, told from the latest finished runs of this service */
  @Get()
  @ApiOkResponse({ type: EstimateDto })
  async estimate(@Query() query: EstimateQueryDto): Promise<EstimateDto> {
    return estimate(query, await this.pastRuns());
  }

  private pastRuns(): Promise<PastRun[]> {
    return this.database.rows<PastRun>(sql`
      select jsonb_array_length(r.settings->'backbones')::int as backbones,
        (select count(*)::int from candidates c where c.run_id = r.id) as candidates,
        (select count(*)::int from splits s where s.run_id = r.id and s.reason is null) as kept,
        (select coalesce(sum(f.bytes), 0)::float8 from fetches f where f.run_id = r.id) as bytes,
        (select count(*)::int from fetches f where f.run_id = r.id and f.sha256 is not null) as fetched,
        (select coalesce(sum(g.elapsed_ms), 0)::float8 from run_stages g
          where g.run_id = r.id and g.stage in ('search', 'fetch', 'inspect', 'dedupe', 'curate', 'split')) as "collectMs",
        (select coalesce(sum(g.elapsed_ms), 0)::float8 from run_stages g
          where g.run_id = r.id and g.stage in ('features', 'trials', 'package')) as "searchMs"
      from (select * from runs where state = 'succeeded' order by finished_at desc limit ${RUNS}) r`);
  }
}

import { Inject, Injectable, Logger } from '@nestjs/common';
import { eq, sql } from 'drizzle-orm';
import { RegistryRepository } from '../registry/registry.repository.js';
import { RetrainingsRepository, type RetrainingRow } from './retrainings.repository.js';
import { InferenceHost } from '../serving/inference/inference-host.js';
import { ServedModels } from '../serving/served-models.js';
import type { ObservedRequest } from '../serving/predictor.js';
import { predictionOf } from '../../zoo/index.js';
import type { Database } from '../storage/database.js';
import { retrainings } from '../storage/freshness-schema.js';
import { CLOCK, DATABASE, type Clock } from '../storage/tokens.js';

/** How long it is believed which challengers shadow. */
const BELIEVED_MS = 2000;

/**
 * Lets a challenger answer silently what the champion was asked, after the champion has answered. One request at a time: live
 * traffic beyond that goes without a shadow, so that the champion never waits for the challenger.
 */
@Injectable()
export class Shadow {
  private readonly log = new Logger('Shadow');
  private shadowing: { rows: readonly RetrainingRow[]; untilMs: number } = { rows: [], untilMs: 0 };
  private inHand: Promise<void> | null = null;

  constructor(
    private readonly repository: RetrainingsRepository,
    private readonly registry: RegistryRepository,
    private readonly host: InferenceHost,
    private readonly served: ServedModels,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  observed(request: ObservedRequest): void {
    if (this.inHand) return;
    this.inHand = this.follow(request)
      .catch((error: unknown) => this.log.error(error))
      .finally(() => (this.inHand = null));
  }

  /** Resolves when the request in hand has been answered. */
  async settled(): Promise<void> {
    await this.inHand;
  }

  private async follow(request: ObservedRequest): Promise<void> {
    const row = (await this.rows()).find(({ championId }) => championId === request.model.id);
    if (!row?.challengerId) return;
    const challenger = await this.registry.model(row.challengerId);
    if (!challenger) return;
    const startedAtMs = performance.now();
    const answers = await this.host
      .predict(await this.served.of(challenger), request.pictures)
      .catch(() => null);
    const challengerMs = (performance.now() - startedAtMs) / request.pictures.length;
    const counts = { requests: 0, agreed: 0, errors: 0 };
    request.outcomes.forEach((outcome, i) => {
      if (outcome.kind !== 'answered') return;
      const answer = answers?.[i];
      counts.requests += 1;
      if (answer?.kind !== 'predicted') counts.errors += 1;
      else if (predictionOf(challenger.manifest, answer.row).label === outcome.label) counts.agreed += 1;
    });
    const championMs = request.elapsedMs / request.pictures.length;
    if (counts.requests > 0) await this.add(row.id, counts, championMs, challengerMs);
  }

  /** Adds up in the database, where other workers add to the same row. */
  private async add(
    id: string,
    counts: { requests: number; agreed: number; errors: number },
    championMs: number,
    challengerMs: number,
  ): Promise<void> {
    const { requests } = counts;
    const old = (key: string) => sql`coalesce((${retrainings.shadow}->>${key})::float8, 0)`;
    const mean = (key: string, value: number) =>
      sql`(${old(key)} * ${old('requests')} + ${value}::float8 * ${requests}::float8) / (${old('requests')} + ${requests}::float8)`;
    await this.database.db
      .update(retrainings)
      .set({
        shadow: sql`${retrainings.shadow} || jsonb_build_object(
          'requests', (${old('requests')} + ${requests}::float8)::int,
          'agreed', (${old('agreed')} + ${counts.agreed}::float8)::int,
          'errors', (${old('errors')} + ${counts.errors}::float8)::int,
          'championMs', ${mean('championMs', championMs)},
          'challengerMs', ${mean('challengerMs', challengerMs)})`,
      })
      .where(eq(retrainings.id, id));
  }

  private async rows(): Promise<readonly RetrainingRow[]> {
    const nowMs = this.clock.now().getTime();
    if (this.shadowing.untilMs <= nowMs)
      this.shadowing = { rows: await this.repository.inState('shadowing'), untilMs: nowMs + BELIEVED_MS };
    return this.shadowing.rows;
  }
}

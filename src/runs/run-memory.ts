import { Inject, Injectable } from '@nestjs/common';
import { eq } from 'drizzle-orm';
import type { Database } from '../storage/database.js';
import { runs } from '../storage/schema.js';
import { CLOCK, DATABASE, type Clock } from '../storage/tokens.js';

/** Answers kept; one is at most the order of a run's pictures, some MB for 100,000. */
const MAX_KEPT = 24;

/** While a run works its records change: an answer is good for as long as a person takes to notice. */
const WORKING_MS = 2000;

/** Remembers what is slow to ask of a run's records, for as long as they stand still. */
@Injectable()
export class RunMemory {
  private readonly kept = new Map<string, Promise<unknown>>();

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The answer to `question` about a run, asked by `ask` when it is not known. A failed one is forgotten. */
  async recall<T>(runId: string, question: string, ask: () => Promise<T>): Promise<T> {
    const key = `${runId} ${await this.stateOf(runId)} ${question}`;
    const known = this.kept.get(key) as Promise<T> | undefined;
    const answer = known ?? ask();
    this.kept.delete(key);
    this.kept.set(key, answer);
    answer.catch(() => this.kept.delete(key));
    for (const old of [...this.kept.keys()].slice(0, -MAX_KEPT)) this.kept.delete(old);
    return answer;
  }

  /** A finished run changes only by being opened again, and then it has another end. */
  private async stateOf(runId: string): Promise<string> {
    const [run] = await this.database.db
      .select({ finishedAt: runs.finishedAt })
      .from(runs)
      .where(eq(runs.id, runId));
    return run?.finishedAt?.toISOString() ?? `working ${Math.floor(this.clock.now().getTime() / WORKING_MS)}`;
  }
}

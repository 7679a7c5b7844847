import type { InferSelectModel } from 'drizzle-orm';
import type { categories, runs } from '../storage/schema.js';
import type { StageName } from './run.js';

export type RunRecord = InferSelectModel<typeof runs>;
export type CategoryRecord = InferSelectModel<typeof categories>;

/** What the runner gives a stage for one turn. */
export interface StageContext {
  readonly run: RunRecord;
  /** In the order the person named them: the index is the class number everywhere. */
  readonly categories: readonly CategoryRecord[];
  /** Aborts when the run is cancelled or the process is shutting down. */
  readonly signal: AbortSignal;
  /** Cheap to call often: written to the database a few times a second at most. */
  readonly progress: (done: number, total: number, note?: string) => void;
  /** Milliseconds that the stage has taken in this run so far, over all its turns, whoever leads it. */
  readonly elapsedMs: () => Promise<number>;
}

/** `next-round` sends the run back to search for more pictures. */
export type StageOutcome = 'done' | 'next-round';

/**
 * One step of a run: reads the records of the stages before, writes its own, edits nobody else's. It must be idempotent:
 * after a crash it is called again and goes on with what has no record yet.
 */
export interface Stage {
  readonly name: StageName;
  run(context: StageContext): Promise<StageOutcome>;
}

/** A stage that several workers can do together: one leads, and is answered for by the run's lease; others lend a hand. */
export interface HelpedStage extends Stage {
  /** Does shares of the work that nobody else has, and returns when there are none. */
  help(context: StageContext): Promise<void>;
}

export const canBeHelped = (stage: Stage): stage is HelpedStage => 'help' in stage;

/** A stage that can begin with what the stage before it has brought so far, while that one is still at work. */
export interface EagerStage extends Stage {
  /**
   * Works until it is told to stop. What it has done by then is not done again when the stage's turn comes; what has gone wrong is, and is
   * reported then.
   *
   * @param over aborts when the stage before is through
   */
  ahead(context: StageContext, over: AbortSignal): Promise<void>;
}

export const canWorkAhead = (stage: Stage): stage is EagerStage => 'ahead' in stage;

/** Token of the ordered list of stages in Nest's container. */
export const STAGE_LIST = Symbol('STAGE_LIST');

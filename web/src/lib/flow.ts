import type { Facets, Run, StageName } from '../api/client';

/** One stage of a run as a step of the flow: what came in, what went on, and what was dropped why. */
export interface Step {
  readonly stage: StageName;
  readonly state: Run['stages'][number]['state'] | 'stopped';
  readonly note: string | null;
  readonly done: number;
  readonly total: number;
  readonly elapsedMs: number;
  /** Null for stages that judge no pictures. */
  readonly into: number | null;
  readonly outOf: number | null;
  readonly dropped: readonly { reason: string; pictures: number }[];
}

const JUDGES: readonly StageName[] = ['fetch', 'inspect', 'dedupe', 'curate', 'split'];

/** The stages with what they let through. Pictures that are still on their way count as not yet come in. */
export function toFlow(run: Run, facets: Facets | undefined): Step[] {
  let alive = run.counts.candidates;
  return run.stages.map(({ stage, state, note, done, total, elapsedMs }) => {
    const dropped = (facets?.reasons ?? []).filter((row) => row.stage === stage);
    const judges = JUDGES.includes(stage);
    const into = stage === 'search' ? null : judges ? alive : null;
    alive -= dropped.reduce((sum, row) => sum + row.pictures, 0);
    // Before the reasons are there, any number would be a wrong one.
    const begun = state !== 'pending' && facets !== undefined;
    return {
      stage,
      state: state === 'running' && isStopped(run) ? 'stopped' : state,
      note,
      done,
      total,
      elapsedMs,
      into: begun ? into : null,
      outOf: begun && (judges || stage === 'search') ? alive : null,
      dropped,
    };
  });
}

const isStopped = ({ state }: Run): boolean => state === 'cancelled' || state === 'failed';

/** Items a second of a working stage; null while there is too little to tell. */
export function rateOf({ done, elapsedMs }: Pick<Step, 'done' | 'elapsedMs'>): number | null {
  return done > 0 && elapsedMs >= 500 ? (1000 * done) / elapsedMs : null;
}

/** How long a working stage will take from here at its rate so far; null while it cannot be told. */
export function timeLeftMs({
  done,
  total,
  elapsedMs,
}: Pick<Step, 'done' | 'total' | 'elapsedMs'>): number | null {
  const rate = rateOf({ done, elapsedMs });
  return rate === null || total <= done ? null : ((total - done) / rate) * 1000;
}

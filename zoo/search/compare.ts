import { parseLooks } from '../backbones/looks.js';
import { isPlainTap } from '../graph/taps.js';
import { mcnemar, pairedBootstrap, type Interval } from '../metrics/index.js';
import { createRng } from '../rng.js';
import { fitsCap, NO_CAP, type Cap } from './cap.js';
import { isScored, isTogether, type ScoredTrial } from './choose.js';
import { compareTrials } from './trial.js';
import type { Trial } from './types.js';

/**
 * What the chosen trial is compared with: `runner-up` the most accurate other trial, `other-backbone` the most accurate of another
 * backbone, `one-backbone`, where several were chosen together, the most accurate of one alone, `last-tap` the most accurate at the end of the same backbone, where plain transfer learning would have read it; all of
 * them within the cap. `beyond-cap` the most accurate that costs more than was allowed: the price of the cap.
 */
export type Rival = 'runner-up' | 'other-backbone' | 'one-backbone' | 'last-tap' | 'beyond-cap';

/** Two trials on the same validation pictures. */
export interface Comparison {
  readonly rival: Rival;
  readonly trial: ScoredTrial;
  /** Accuracy of the chosen trial less that of the rival. */
  readonly difference: number;
  /** Of the difference, 95 %, by paired bootstrap. */
  readonly interval: Interval;
  /** Pictures that only the chosen trial got right, and that only the rival did. */
  readonly onlyChosen: number;
  readonly onlyRival: number;
  /** Exact McNemar test, two-sided, of "both are right equally often". */
  readonly pValue: number;
}

const baseOf = (backbone: string): string => parseLooks(backbone).base;

const extent = (values: readonly number[]): [number, number] => [Math.min(...values), Math.max(...values)];

/** None where the taps are no depths, as with word vectors: each takes as much work as the others. */
function lastTap(trials: readonly ScoredTrial[], chosen: Trial): ScoredTrial | undefined {
  const same = trials.filter(({ backbone }) => backbone === chosen.backbone);
  const [shallowest, deepest] = extent(same.map(({ cost }) => cost.flops));
  if (shallowest === deepest) return undefined;
  return same.find(({ cost, tap }) => cost.flops === deepest && tap !== chosen.tap && isPlainTap(tap));
}

/** The chosen trial against the others that a reader would think of; those that do not exist are left out. */
export function compareWithRivals(
  trials: readonly Trial[],
  chosen: ScoredTrial,
  seed: number | string,
  cap: Cap = NO_CAP,
): Comparison[] {
  const all = trials.filter(isScored).toSorted(compareTrials);
  const scored = all.filter(({ cost }) => fitsCap(cost, cap));
  const others = scored.filter(({ id }) => id !== chosen.id);
  const rivals: [Rival, ScoredTrial | undefined][] = [
    ['runner-up', others[0]],
    ['other-backbone', others.find(({ backbone }) => baseOf(backbone) !== baseOf(chosen.backbone))],
    ['one-backbone', isTogether(chosen) ? others.find((trial) => !isTogether(trial)) : undefined],
    ['last-tap', lastTap(scored, chosen)],
    ['beyond-cap', all.find((trial) => !scored.includes(trial))],
  ];
  return rivals.flatMap(([rival, trial]) => (trial ? [compare(chosen, rival, trial, seed)] : []));
}

function compare(chosen: ScoredTrial, rival: Rival, trial: ScoredTrial, seed: number | string): Comparison {
  const [ours, theirs] = [chosen.validation, trial.validation];
  const { onlyFirst, onlySecond, pValue } = mcnemar(ours.correct, theirs.correct);
  return {
    rival,
    trial,
    difference: ours.accuracy - theirs.accuracy,
    interval: pairedBootstrap(ours.correct, theirs.correct, createRng(`${seed}/compare/${rival}`)),
    onlyChosen: onlyFirst,
    onlyRival: onlySecond,
    pValue,
  };
}

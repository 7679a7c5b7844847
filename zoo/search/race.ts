import type { Scores } from '../metrics/index.js';
import {
  crossValidate,
  poolFolds,
  scoreFolds,
  type CrossValidationRequest,
  type FoldedFeatures,
  type FoldLogits,
} from './cross-validate.js';
import { foldsOf, type DevRows } from './dev-rows.js';
import { validationOf } from './trial.js';

/**
 * Folds after which a head that costs more than a linear one must be ahead of those (a race: Maron and Moore, Hoeffding Races, NIPS 1994, with
 * the plainest of rules). In 156 searches over photographs no multilayer perceptron won, and they took a sixth of the time.
 */
const FIRST_FOLDS = 2;

const rowsOf = (folds: readonly FoldLogits[]): number[] => folds.flatMap(({ heldAt }) => [...heldAt]);

/** Mean cross-entropy of one setting over the rows of some folds, at the temperature that suits them. */
function lossOf(folds: readonly FoldLogits[], setting: number, { y, classes }: DevRows): number {
  const rows = rowsOf(folds);
  const data = Float64Array.from(folds.flatMap(({ logits }) => [...(logits[setting] as Scores).data]));
  const labels = Int32Array.from(rows, (row) => y[row] as number);
  return validationOf({ rows: rows.length, classes, data }, labels).logLoss;
}

const meanOver = (losses: Float32Array, folds: readonly FoldLogits[]): number => {
  const rows = rowsOf(folds);
  return rows.reduce((sum, row) => sum + (losses[row] as number), 0) / rows.length;
};

/**
 * Held-out logits in each deal, one result for each setting of the grid; null for a setting that is behind all rivals after the first folds.
 *
 * @param deals the first is the one the race is run on
 * @param rivals cross-entropy of each dev row by the heads to be beaten
 */
export async function raceFolds(
  deals: readonly FoldedFeatures[],
  request: CrossValidationRequest,
  rivals: readonly Float32Array[],
): Promise<(Scores[] | null)[]> {
  const [first, ...others] = deals as [FoldedFeatures, ...FoldedFeatures[]];
  const { dev } = first;
  const [early, late] = [foldsOf(dev).slice(0, FIRST_FOLDS), foldsOf(dev).slice(FIRST_FOLDS)];
  const begun = await scoreFolds(first, request, early);
  const least = Math.min(...rivals.map((losses) => meanOver(losses, begun)));
  const settings = request.grid
    .map((_, at) => at)
    .filter((at) => late.length === 0 || lossOf(begun, at, dev) <= least);
  const rest = { ...request, grid: settings.map((at) => request.grid[at] as (typeof request.grid)[number]) };
  if (settings.length === 0) return request.grid.map(() => null);
  const [ended, ...again] = await Promise.all([
    scoreFolds(first, rest, late),
    ...others.map((folded) => crossValidate(folded, rest)),
  ]);
  return request.grid.map((_, at) => {
    const place = settings.indexOf(at);
    if (place < 0) return null;
    const whole = [
      ...begun.map(({ heldAt, logits }) => ({ heldAt, logits: [logits[at] as Scores] })),
      ...ended.map(({ heldAt, logits }) => ({ heldAt, logits: [logits[place] as Scores] })),
    ];
    return [poolFolds(whole, 0, dev), ...again.map((deal) => deal[place] as Scores)];
  });
}

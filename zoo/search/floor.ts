import type { Scores } from '../metrics/index.js';
import type { DevRows } from './dev-rows.js';
import { rank, type Ranking } from './rank.js';
import { validationOf } from './trial.js';
import type { Floor } from './types.js';

/** Log share of every class outside a fold; one more picture a class keeps it finite. */
function logShares({ y, folds, classes }: DevRows, fold: number): Float64Array {
  const counts = new Float64Array(classes).fill(1);
  y.forEach((label, row) => {
    if (folds[row] !== fold) counts[label] = (counts[label] as number) + 1;
  });
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => Math.log(count / total));
}

/** Always the category that is most frequent among the pictures outside the fold. */
export function majorityFloor(dev: DevRows): Floor {
  const { y, folds, foldCount, classes } = dev;
  const shares = Array.from({ length: foldCount }, (_, fold) => logShares(dev, fold));
  const scores: Scores = { rows: y.length, classes, data: new Float64Array(y.length * classes) };
  folds.forEach((fold, row) => scores.data.set(shares[fold] as Float64Array, row * classes));
  return { kind: 'majority-class', backbone: null, tap: null, validation: validationOf(scores, y) };
}

/** The best tap of a backbone with random weights, ranked as the pretrained ones are. */
async function randomFloor(ranking: Ranking): Promise<Floor[]> {
  const { randomFeatures = [], ...request } = ranking.request;
  if (randomFeatures.length === 0) return [];
  const ranked = await rank({
    ...ranking,
    request: { ...request, features: randomFeatures, joinTaps: false, ensembles: [], onProgress: undefined },
  });
  return ranked.slice(0, 1).flatMap(({ trial: { backbone, tap, validation } }) => {
    return validation === null ? [] : [{ kind: 'random-weights' as const, backbone, tap, validation }];
  });
}

/** What a model must beat to be worth anything: a guess, and features nobody has trained. */
export async function findFloor(ranking: Ranking): Promise<Floor[]> {
  return [...(await randomFloor(ranking)), majorityFloor(ranking.dev)];
}

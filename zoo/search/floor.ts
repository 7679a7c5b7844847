import type { DevRows } from './dev-rows.js';
import { inOrderOfHearing } from './limits.js';
import { rank, type Ranking } from './rank.js';
import { validationOf } from './trial.js';
import type { Floor } from './types.js';

/**
 * Always the category that is most frequent among the pictures. Counted over all of them: counted outside each fold, a category would be the rarer
 * there the more of it the fold holds, and equal categories would be guessed worse than by a coin.
 */
export function majorityFloor({ y, classes }: DevRows): Floor {
  const counts = new Float64Array(classes);
  for (const label of y) counts[label] = (counts[label] as number) + 1;
  const shares = counts.map((count) => Math.log(count / y.length));
  const data = Float64Array.from({ length: y.length * classes }, (_, at) => shares[at % classes] as number);
  const validation = validationOf({ rows: y.length, classes, data }, y);
  return { kind: 'majority-class', backbone: null, tap: null, validation };
}

/** The best tap of a backbone with random weights, ranked as the pretrained ones are. */
async function randomFloor(ranking: Ranking): Promise<Floor[]> {
  const { randomFeatures = [], ...request } = ranking.request;
  if (randomFeatures.length === 0) return [];
  const ranked = await rank({
    ...ranking,
    // Where the time is up, the first of these alone is heard: the end, not the beginning.
    request: {
      ...request,
      features: inOrderOfHearing({ features: randomFeatures }),
      joinTaps: false,
      ensembles: [],
      onProgress: undefined,
    },
  });
  return ranked.slice(0, 1).flatMap(({ trial: { backbone, tap, validation } }) => {
    return validation === null ? [] : [{ kind: 'random-weights' as const, backbone, tap, validation }];
  });
}

/** What a model must beat to be worth anything: a guess, and features nobody has trained. */
export async function findFloor(ranking: Ranking): Promise<Floor[]> {
  return [...(await randomFloor(ranking)), majorityFloor(ranking.dev)];
}

import { createRng } from '../../zoo/index.js';

/** A mean difference with its 95 % interval, in the units of the input. */
export interface Paired {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

const DRAWS = 2000;

/**
 * Mean of `differences[seed][picture]` and its interval when both the pictures and the noise seeds are a sample: both are
 * drawn anew with replacement (the pigeonhole bootstrap: Owen, Annals of Applied Statistics 1, 2007). It errs on the wide side.
 */
export function pairedInterval(differences: readonly (readonly number[])[]): Paired {
  const rng = createRng('paired');
  const pictures = differences[0]?.length ?? 0;
  const meanOf = (seeds: readonly number[], rows: readonly number[]): number => {
    let sum = 0;
    for (const seed of seeds) for (const row of rows) sum += differences[seed]?.[row] ?? 0;
    return sum / (seeds.length * rows.length);
  };
  const draw = (count: number): number[] => Array.from({ length: count }, () => rng.int(count));
  const means = Array.from({ length: DRAWS }, () => meanOf(draw(differences.length), draw(pictures)));
  means.sort((a, b) => a - b);
  const at = (share: number): number => means[Math.floor(share * DRAWS)] as number;
  return {
    mean: meanOf([...differences.keys()], [...Array(pictures).keys()]),
    low: at(0.025),
    high: at(0.975),
  };
}

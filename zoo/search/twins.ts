import { isGem, twinOf } from '../graph/pooling.js';
import { surestFirst, type RatedSet } from './join.js';
import type { FeatureSet } from './types.js';

/**
 * Depths that are also read by their generalised mean: the surest by their mean. To read all takes half as much time again as the ranking
 * does without, and brings 0.2 points more with thirty pictures a category and nothing with a hundred; with ten it brings 1.7 (five
 * embedded networks, flowers, five deals), and takes next to no time.
 */
const TWINS = 24;

/** Whether a tap is read by its generalised mean: it waits until it is known which depths are the surest. */
export const isTwin = ({ tap }: FeatureSet): boolean => isGem(tap.id);

/**
 * The surest taps by their generalised mean, of those that there are features of.
 *
 * @param all whether every tap's, as where pictures are few: which are the surest is not sure then
 */
export function planTwins(
  rated: readonly RatedSet[],
  features: readonly FeatureSet[],
  all: boolean,
): FeatureSet[] {
  const keyOf = (backbone: string, tap: string): string => `${backbone}/${tap}`;
  const twins = new Map(features.filter(isTwin).map((set) => [keyOf(set.backbone, set.tap.id), set]));
  return surestFirst(rated)
    .slice(0, all ? Infinity : TWINS)
    .flatMap(({ backbone, tap }) => twins.get(keyOf(backbone, twinOf(tap.id))) ?? []);
}

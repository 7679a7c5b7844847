import { parseLooks } from '../backbones/looks.js';
import { memberIds } from '../backbones/merge.js';
import { findTaps, findTogether } from './join.js';
import { addLooks, findLooks } from './looks.js';
import { LOOKS_PARAM } from './trial.js';
import type { FeatureSet, Trial } from './types.js';

type Coordinates = Pick<Trial, 'backbone' | 'tap'> & Partial<Pick<Trial, 'params'>>;

function findSeen(features: readonly FeatureSet[], { backbone, tap }: Coordinates): FeatureSet | undefined {
  const members = memberIds(backbone);
  if (members.length > 1) return findTogether(features, members, tap);
  const { base, looks } = parseLooks(backbone);
  const own = findTaps(features, base, tap);
  return own && looks.length > 0 ? findLooks(features, own, looks) : own;
}

/**
 * The features that a trial was made on; made anew where it read several taps, backbones or looks at the pictures. Undefined when they are
 * not among those given.
 *
 * @param features those that were searched over, and the views
 */
export function findSet(features: readonly FeatureSet[], trial: Coordinates): FeatureSet | undefined {
  const set = findSeen(features, trial);
  const ways = trial.params?.[LOOKS_PARAM] ?? 1;
  return set && ways > 1 ? addLooks(features, set, ways) : set;
}

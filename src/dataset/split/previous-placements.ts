import type { Placement } from './split-by-group.js';

/**
 * Where the duplicate groups of a run stood in earlier runs, by group. A group stands where any of its pictures stood, copies
 * that were dropped included: the keeper of today may be a larger copy of the picture of yesterday. Test wins, and among folds
 * the first: what was once tested on is never learnt from.
 * @param groups every picture of the run and its group
 * @param earlier where pictures of earlier runs stood; one picture may have stood in several places
 */
export function previousPlacements(
  groups: readonly { readonly sha256: string; readonly groupKey: string }[],
  earlier: readonly (Placement & { readonly sha256: string })[],
): Map<string, Placement> {
  const bySha = new Map<string, Placement>();
  for (const { sha256, part, fold } of earlier) {
    const known = bySha.get(sha256);
    if (!known || fold < known.fold) bySha.set(sha256, { part, fold });
  }
  const byGroup = new Map<string, Placement>();
  for (const { sha256, groupKey } of groups) {
    const place = bySha.get(sha256);
    const known = byGroup.get(groupKey);
    if (place && (!known || place.fold < known.fold)) byGroup.set(groupKey, place);
  }
  return byGroup;
}

import { unitOf } from './digest.js';

/** What the gallery plants among its results, as the web does unasked. */
export const PLANTS = ['dead-link', 'error-page', 'thumbnail', 're-encoded-copy', 'exact-copy'] as const;
export type Plant = (typeof PLANTS)[number];

/** The expected share of each plant among all results, copies counted. */
export const PLANT_SHARES: Readonly<Record<Plant, number>> = {
  'dead-link': 0.03,
  'error-page': 0.03,
  thumbnail: 0.03,
  're-encoded-copy': 0.05,
  'exact-copy': 0.03,
};

/** Longer side of a planted thumbnail, px. */
export const THUMBNAIL_PX = 24;

/** A copy is one more result beside its original, so there are fewer pictures than results. */
const PICTURES_PER_RESULT = 1 - PLANT_SHARES['re-encoded-copy'] - PLANT_SHARES['exact-copy'];

export const isCopy = (plant: Plant): plant is 're-encoded-copy' | 'exact-copy' =>
  plant === 're-encoded-copy' || plant === 'exact-copy';

/**
 * What befalls a picture, decided by its set, name and the seed alone: its own address is bad, or (for the two kinds of
 * copy) it is sound and has a second address; null for most. Never two at once, so every copy has a sound original.
 */
export function plantFor(seed: number, set: string, icon: string): Plant | null {
  let left = unitOf('plant', seed, set, icon) * PICTURES_PER_RESULT;
  for (const plant of PLANTS) {
    left -= PLANT_SHARES[plant];
    if (left < 0) return plant;
  }
  return null;
}

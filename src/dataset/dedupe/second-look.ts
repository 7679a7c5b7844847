import { contentBox } from '../inspect/border.js';
import { unpackDetail, colourDifference } from '../inspect/detail.js';
import { areaAverage, type GreyImage } from '../inspect/grey.js';
import {
  type Affine,
  type Alignment,
  blockCorrelations,
  halved,
  IDENTITY,
  refine,
  type Square,
} from './align.js';
import type { DedupeItem, SecondLook } from './group-duplicates.js';
import type { Cluster, KeeperMatch } from './keepers.js';
import { type Neighbour, nearestNeighbours, sideBySide, standardise, type Vectors } from './neighbours.js';
import { DEFAULT_LOOK, type LookThresholds } from './settings.js';

/** Side of the grey square that pictures are aligned on. */
export const LOOK_SIDE = 64;

/** What pictures are aligned on. Borders go: frames are alike, whatever is in them. */
export function lookGrey(image: GreyImage): Uint8Array {
  return Uint8Array.from(areaAverage(image, LOOK_SIDE, LOOK_SIDE, contentBox(image)), Math.round);
}

/** What a second look at pictures needs; row i of each matrix is of `ids[i]`. */
export interface Looks {
  readonly ids: readonly string[];
  /** Each LOOK_SIDE x LOOK_SIDE grey levels: the picture without its plain border, stretched. */
  readonly greys: readonly Uint8Array[];
  /** Pooled features, a matrix a tap. */
  readonly features: readonly Vectors[];
}

/** From coarse to fine. */
type Pyramid = readonly [coarse: Square, middle: Square, fine: Square];

function pyramid(grey: Uint8Array): Pyramid {
  const fine = { side: LOOK_SIDE, data: Float32Array.from(grey) };
  const middle = halved(fine);
  return [halved(middle), middle, fine];
}

const STEPS = [25, 15, 4] as const;

/** Largest and smallest stretching of an affine map: its singular values. */
function stretches([a, b, , d, e]: Affine): [largest: number, smallest: number] {
  const sum = a * a + b * b + d * d + e * e;
  const area = a * e - b * d;
  const spread = Math.sqrt(Math.max(0, sum * sum - 4 * area * area));
  return [Math.sqrt((sum + spread) / 2), Math.sqrt(Math.max(0, (sum - spread) / 2))];
}

/** Strangers are matched by zooming in on a plain spot, or by stretching one side: copies never are. */
function isPlausible({ affine, overlap }: Alignment, thresholds: LookThresholds): boolean {
  const [largest, smallest] = stretches(affine);
  const { maxStretch, minOverlap } = thresholds;
  return overlap >= minOverlap && largest <= maxStretch && smallest >= 1 / maxStretch;
}

const tilted = (degrees: number): Affine => {
  const angle = (degrees * Math.PI) / 180;
  return [Math.cos(angle), -Math.sin(angle), 0, Math.sin(angle), Math.cos(angle), 0];
};

/** A tilted copy has corners of its own, which can lead the alignment astray: so it is tried from tilted guesses, too. */
const TILTED_GUESSES = [tilted(5), tilted(-5)];
/** An alignment as good as this on 16 pixels is not astray. */
const GOOD_COARSE = 0.9;

function alignCoarsely(first: Square, second: Square): Alignment {
  const straight = refine(first, second, IDENTITY, STEPS[0]);
  if (straight.correlation >= GOOD_COARSE) return straight;
  const others = TILTED_GUESSES.map((guess) => refine(first, second, guess, STEPS[0]));
  return others.reduce((best, other) => (other.correlation > best.correlation ? other : best), straight);
}

/** Whether block by block most of what two aligned pictures show agrees. */
function blocksAgree(
  [, , first]: Pyramid,
  [, , second]: Pyramid,
  affine: Affine,
  limits: LookThresholds,
): boolean {
  const blocks = blockCorrelations(first, second, affine).sort((x, y) => x - y);
  const median = blocks[blocks.length >> 1] ?? 0;
  const mean = blocks.reduce((sum, value) => sum + value, 0) / Math.max(1, blocks.length);
  return blocks.length >= limits.minBlocks && median >= limits.minBlockMedian && mean >= limits.minBlockMean;
}

/**
 * Whether two pictures are one, by laying the first over the second: as they are (a caption would lead an alignment astray), then
 * aligned on 16, 32 and 64 pixels, then compared block by block. Null where they are not.
 */
export function confirmByAlignment(
  first: Uint8Array,
  second: Uint8Array,
  thresholds: LookThresholds = DEFAULT_LOOK,
): Alignment | null {
  const [a, b] = [pyramid(first), pyramid(second)];
  const straight = { ...thresholds, minBlockMedian: thresholds.minStraightMedian };
  if (blocksAgree(a, b, IDENTITY, straight)) return refine(a[2], b[2], IDENTITY, 0);
  let alignment = alignCoarsely(a[0], b[0]);
  if (alignment.correlation < thresholds.minCoarseCorrelation) return null;
  alignment = refine(a[1], b[1], alignment.affine, STEPS[1]);
  if (alignment.correlation < thresholds.minCoarseCorrelation) return null;
  alignment = refine(a[2], b[2], alignment.affine, STEPS[2]);
  if (!isPlausible(alignment, thresholds)) return null;
  return blocksAgree(a, b, alignment.affine, thresholds) ? alignment : null;
}

/** A tilt beyond this, in degrees, is a turned copy rather than a crooked crop. */
const TILT_DEGREES = 2;
/** A copy that shows less than this share of the other is a crop. */
const WHOLE_SHARE = 0.94;

/** Names what was done to a copy, from how it lies in its keeper. */
export function kindOf(
  { affine, overlap }: Alignment,
  copy: { width: number; height: number },
  keeper: { width: number; height: number },
): 'rotated' | 'cropped' | 'embedding' {
  const [a, b, , d, e] = affine;
  const sine = (d * keeper.height) / copy.width - (b * keeper.width) / copy.height;
  const cosine = (a * keeper.width) / copy.width + (e * keeper.height) / copy.height;
  if (Math.abs(Math.atan2(sine, cosine)) > (TILT_DEGREES * Math.PI) / 180) return 'rotated';
  const shown = Math.abs(a * e - b * d) * overlap;
  return Math.min(shown, overlap) < WHOLE_SHARE ? 'cropped' : 'embedding';
}

/**
 * Whom to look at for each picture: its nearest, and those that it is among the nearest of. A picture in a crowd of look-alikes
 * has nearer ones than its altered copy, while the copy, out of the crowd, still has the picture among its nearest.
 */
function neighboursById(looks: Looks, thresholds: LookThresholds): Map<string, Neighbour[]> {
  const vectors = sideBySide(looks.features.map(standardise));
  const found = nearestNeighbours(vectors, thresholds.neighbours, thresholds.minCosine);
  const all = found.map((own) => new Map(own.map(({ row, cosine }) => [row, cosine])));
  found.forEach((own, row) => own.forEach((other) => all[other.row]?.set(row, other.cosine)));
  const nearestFirst = (near: ReadonlyMap<number, number>): Neighbour[] =>
    [...near].map(([row, cosine]) => ({ row, cosine })).sort((a, b) => b.cosine - a.cosine);
  return new Map(looks.ids.map((id, row) => [id, nearestFirst(all[row] ?? new Map())]));
}

/**
 * Finds copies that hashes miss: embeddings propose the nearest pictures, aligning the two confirms or refuses each. Looks at the
 * keepers of the nearest pictures only, so nothing joins a group but what is a copy of its keeper.
 */
export function createSecondLook(
  looks: Looks,
  thresholds: LookThresholds = DEFAULT_LOOK,
  confirm: typeof confirmByAlignment = confirmByAlignment,
): SecondLook {
  const neighbours = neighboursById(looks, thresholds);
  const greyOf = new Map(looks.ids.map((id, row) => [id, looks.greys[row]]));
  const judge = (item: DedupeItem, cluster: Cluster): KeeperMatch | null => {
    const [first, second] = [greyOf.get(item.id), greyOf.get(cluster.keeper.id)];
    if (!first || !second || !sameColours(item, cluster.keeper, thresholds)) return null;
    const alignment = confirm(first, second, thresholds);
    if (!alignment) return null;
    const distance = Math.max(Number.EPSILON, 1 - alignment.correlation);
    return { cluster, kind: kindOf(alignment, item, cluster.keeper), distance };
  };
  return {
    match: (item, placed) => {
      const near = (neighbours.get(item.id) ?? []).map(({ row }) => placed.get(looks.ids[row] ?? ''));
      for (const cluster of new Set(near)) {
        const match = cluster ? judge(item, cluster) : null;
        if (match) return match;
      }
      return null;
    },
  };
}

function sameColours(a: DedupeItem, b: DedupeItem, thresholds: LookThresholds): boolean {
  const [first, second] = [unpackDetail(a.detail), unpackDetail(b.detail)];
  return colourDifference(first, second, thresholds.minColour) <= thresholds.maxColourDifference;
}

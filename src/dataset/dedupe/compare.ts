import {
  colourDifference,
  largestCellDifference,
  levelDifference,
  turnDetail,
  unpackDetail,
} from '../inspect/detail.js';
import type { View } from '../inspect/measure-pixels.js';
import { TURNS, type Turn } from '../inspect/turns.js';
import { type Hash64, hammingDistance, parseHash } from './hash64.js';
import type { DuplicateThresholds } from './settings.js';

/** The two hashes of a view, upright or turned. */
export interface HashPair {
  readonly turn: Turn;
  readonly phash: Hash64;
  readonly dhash: Hash64;
}

/** The border of a picture. */
export interface Border {
  /** Share of the area that is inside. */
  readonly share: number;
  /** DCT hashes of what is inside: of the view inside the border, and of that inside the frame. */
  readonly inside: readonly Hash64[];
}

/** A view with its text forms read. */
export interface ReadView extends HashPair {
  readonly turn: 0;
  /** Packed: of a million pictures few details are ever looked at. */
  readonly detail: string;
  readonly flatShare: number;
  /** Of the view of a whole picture with a wide border; null for all other views. */
  readonly border: Border | null;
  /** Of the mirrored and turned copies; none for pictures that an older version inspected. */
  readonly turned: readonly HashPair[];
}

const TURN_DIGITS = 32;

function readTurns(turns: string | undefined): HashPair[] {
  if (turns?.length !== TURNS.length * TURN_DIGITS) return [];
  return TURNS.map((turn, i) => {
    const digits = turns.slice(i * TURN_DIGITS, (i + 1) * TURN_DIGITS);
    return { turn, phash: parseHash(digits.slice(0, 16)), dhash: parseHash(digits.slice(16)) };
  });
}

/** Reads the hashes of a view; `flatShare` is that of its picture. */
export function readView(view: View, flatShare: number, border: Border | null = null): ReadView {
  return {
    border,
    turn: 0,
    phash: parseHash(view.phash),
    dhash: parseHash(view.dhash),
    detail: view.detail,
    flatShare,
    turned: readTurns(view.turns),
  };
}

/** Borders of pictures are alike when they leave the same share of the area free, to within this. */
const SAME_BORDER = 0.03;
/** Bits by which the insides of one picture's copies may differ: a small copy's more than the whole, where 8 bits are the limit. */
const MOST_INSIDE = 15;

/**
 * Two whole pictures are no copies for having the same border: pale things on a pale ground in one kind of frame have hashes
 * that show the frame. Where what is inside clearly differs, that counts.
 */
function onlyBordersAgree({ border: a }: ReadView, { border: b }: ReadView): boolean {
  if (!a || !b || Math.abs(a.share - b.share) > SAME_BORDER) return false;
  return a.inside.every((one) => b.inside.every((other) => hammingDistance(one, other) > MOST_INSIDE));
}

/**
 * Whether two views whose DCT hashes are near enough really show the same picture: the second hash and the colours have
 * to agree. Drawings share their layout with so many others that their details have to agree too, and their grey levels:
 * a greyscale copy keeps those, a black heart has others than a blue one.
 * @param as how `a` is turned: its own upright hashes, or one of `a.turned`
 */
export function confirms(
  a: ReadView,
  b: ReadView,
  thresholds: DuplicateThresholds,
  as: HashPair = a,
): boolean {
  if (onlyBordersAgree(a, b) || hammingDistance(as.dhash, b.dhash) > thresholds.maxDhashDistance)
    return false;
  const [detail, other] = [turnDetail(unpackDetail(a.detail), as.turn), unpackDetail(b.detail)];
  if (colourDifference(detail, other, thresholds.minColour) > thresholds.maxColourDifference) return false;
  if (Math.max(a.flatShare, b.flatShare) < thresholds.drawingFlatShare) return true;
  if (levelDifference(detail, other) > thresholds.maxDrawingLevelDifference) return false;
  return largestCellDifference(detail, other) <= thresholds.maxDrawingCellDifference;
}

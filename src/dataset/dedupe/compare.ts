import {
  colourDifference,
  type Detail,
  largestCellDifference,
  levelDifference,
  unpackDetail,
} from '../inspect/detail.js';
import type { View } from '../inspect/measure-pixels.js';
import { type Hash64, hammingDistance, parseHash } from './hash64.js';
import type { DuplicateThresholds } from './settings.js';

/** A view with its text forms read. */
export interface ReadView {
  readonly phash: Hash64;
  readonly dhash: Hash64;
  readonly detail: Detail;
  readonly flatShare: number;
}

/** Reads the hashes and the detail of a view; `flatShare` is that of its picture. */
export function readView(view: View, flatShare: number): ReadView {
  return {
    phash: parseHash(view.phash),
    dhash: parseHash(view.dhash),
    detail: unpackDetail(view.detail),
    flatShare,
  };
}

/**
 * Whether two views whose DCT hashes are near enough really show the same picture: the second hash and the colours have
 * to agree. Drawings share their layout with so many others that their details have to agree too, and their grey levels:
 * a greyscale copy keeps those, a black heart has others than a blue one.
 */
export function confirms(a: ReadView, b: ReadView, thresholds: DuplicateThresholds): boolean {
  if (hammingDistance(a.dhash, b.dhash) > thresholds.maxDhashDistance) return false;
  if (colourDifference(a.detail, b.detail, thresholds.minColour) > thresholds.maxColourDifference)
    return false;
  if (Math.max(a.flatShare, b.flatShare) < thresholds.drawingFlatShare) return true;
  if (levelDifference(a.detail, b.detail) > thresholds.maxDrawingLevelDifference) return false;
  return largestCellDifference(a.detail, b.detail) <= thresholds.maxDrawingCellDifference;
}

/** How alike two pictures must be to count as one. */
export interface DuplicateThresholds {
  /** Largest Hamming distance of the DCT hashes, in bits of 64. */
  readonly maxPhashDistance: number;
  /** Largest Hamming distance of the difference hashes, in bits of 64. */
  readonly maxDhashDistance: number;
  /** Pictures that are at least this flat (share of pixels like their neighbour) are compared as drawings. */
  readonly drawingFlatShare: number;
  /** Drawings: the largest difference of any cell of the 16 x 16 detail, in standard deviations. */
  readonly maxDrawingCellDifference: number;
  /** Drawings: the largest mean difference of the 16 x 16 detail, in grey levels. */
  readonly maxDrawingLevelDifference: number;
  /** Largest mean difference of colour, in grey levels, between two pictures that both have colour. */
  readonly maxColourDifference: number;
  /** A picture has colour from this mean strength on; a greyscale copy has none and is not held to it. */
  readonly minColour: number;
}

/** Measured; the tables are in docs/adr/0004-duplicate-threshold.md. */
export const DEFAULT_THRESHOLDS: DuplicateThresholds = Object.freeze({
  maxPhashDistance: 8,
  maxDhashDistance: 12,
  drawingFlatShare: 0.75,
  maxDrawingCellDifference: 1.2,
  maxDrawingLevelDifference: 18,
  maxColourDifference: 12,
  minColour: 6,
});

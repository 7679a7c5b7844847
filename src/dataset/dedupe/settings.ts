/** How alike two pictures must be to count as one. */
export interface DuplicateThresholds {
  /** Largest Hamming distance of the DCT hashes, in bits of 64. */
  readonly maxPhashDistance: number;
  /** The same for mirrored and turned copies, at most `maxPhashDistance`: there are seven more of them to ask for. */
  readonly maxTurnedDistance: number;
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
  maxTurnedDistance: 6,
  maxDhashDistance: 12,
  drawingFlatShare: 0.75,
  maxDrawingCellDifference: 1.2,
  maxDrawingLevelDifference: 18,
  maxColourDifference: 12,
  minColour: 6,
});

/** How a second look, by embeddings and alignment, decides. */
export interface LookThresholds {
  /** How many of the nearest pictures are looked at. */
  readonly neighbours: number;
  /** Smallest mean cosine of the standardised features of two pictures for a look. */
  readonly minCosine: number;
  /** Smallest correlation once aligned on 16 and on 32 pixels: most strangers end here. */
  readonly minCoarseCorrelation: number;
  /** Smallest share of the one picture that must lie inside the other. */
  readonly minOverlap: number;
  /** Largest enlarging or shrinking, in any direction, relative to the other picture stretched to the same square. */
  readonly maxStretch: number;
  /** Of 64 blocks, how many must show something: too few say nothing. */
  readonly minBlocks: number;
  /** Smallest median, and mean, of the correlations of the blocks. */
  readonly minBlockMedian: number;
  /** The median for pictures that are not aligned at all but laid over one another as they are. */
  readonly minStraightMedian: number;
  readonly minBlockMean: number;
  /** Largest mean difference of colour in grey levels, for pictures that both have at least `minColour`. */
  readonly maxColourDifference: number;
  readonly minColour: number;
}

/** Measured; the tables are in docs/adr/0004-duplicate-threshold.md. */
export const DEFAULT_LOOK: LookThresholds = Object.freeze({
  neighbours: 10,
  minCosine: 0.4,
  minCoarseCorrelation: 0.5,
  minOverlap: 0.6,
  maxStretch: 1.6,
  minBlocks: 24,
  minBlockMedian: 0.93,
  minStraightMedian: 0.97,
  minBlockMean: 0.5,
  maxColourDifference: 20,
  minColour: 6,
});

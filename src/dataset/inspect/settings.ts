/** What a picture must be like to be kept. Every limit is a setting; the defaults come from the measurement named. */
export interface InspectLimits {
  /** Largest encoded size. */
  readonly maxBytes: number;
  /** Largest width x height, judged from the header. */
  readonly maxPixels: number;
  /** Smallest shorter side, in pixels. */
  readonly minSidePixels: number;
  /** Largest longer side / shorter side. */
  readonly maxAspect: number;
  /** Smallest standard deviation of the grey levels. */
  readonly minDeviation: number;
}

/**
 * Measured on the 2334 photographs of ../shared/photos and 4409 emoji icons (docs/adr/0004-duplicate-threshold.md):
 * aspect: 99.9 % of the photographs are at most 2.73, one panorama of 5.6 is lost at 4;
 * deviation: the least varied photograph has 9.3 and the palest icon that shows something 4.2 (a white square on white,
 * 2.4, is what "blank" should catch); one flat colour saved as a JPEG of quality 30 stays under 1.
 * By choice, not by measurement: 32 pixels (the smallest input of a backbone is 224, so at most 7 times enlarged), 64
 * million pixels (today's phone cameras) and 64 MiB.
 */
export const DEFAULT_INSPECT_LIMITS: InspectLimits = Object.freeze({
  maxBytes: 64 * 1024 * 1024,
  maxPixels: 64_000_000,
  minSidePixels: 32,
  maxAspect: 4,
  minDeviation: 3,
});

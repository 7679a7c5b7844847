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
  /** Smallest sharpness (variance of the Laplacian of the 128-pixel thumbnail). */
  readonly minSharpness: number;
  /** Too dark: a mean grey level under `minBrightness` and a deviation under `minDarkDeviation`. */
  readonly minBrightness: number;
  readonly minDarkDeviation: number;
  /** Too bright: a mean grey level over `maxBrightness` and a deviation under `minBrightDeviation`. */
  readonly maxBrightness: number;
  readonly minBrightDeviation: number;
}

/**
 * Measured on the 2334 photographs of ../shared/photos and 4409 emoji icons (docs/adr/0004-duplicate-threshold.md):
 * aspect: 99.9 % of the photographs are at most 2.73, one panorama of 5.6 is lost at 4;
 * deviation: the least varied photograph has 9.3 and the palest icon that shows something 4.2 (a white square on white,
 * 2.4, is what "blank" should catch); one flat colour saved as a JPEG of quality 30 stays under 1.
 * sharpness: the least sharp photograph has 15.9, while of 195 photographs blurred by a Gaussian of 10 pixels (of 320) 99 % have
 * at most 9.3; a blur of 6 pixels is caught in about half of the cases, of 4 in few: milder blur looks like a plain subject;
 * brightness: the darkest photograph has a mean of 14.4, the brightest of 240.5, both with deviations over 36; the palest icon on
 * white has a deviation of 4.2 and must stay, so "too bright" is narrow and takes little more than "blank" does.
 * By choice, not by measurement: 32 pixels (the smallest input of a backbone is 224, so at most 7 times enlarged), 64
 * million pixels (today's phone cameras) and 64 MiB.
 */
export const DEFAULT_INSPECT_LIMITS: InspectLimits = Object.freeze({
  maxBytes: 64 * 1024 * 1024,
  maxPixels: 64_000_000,
  minSidePixels: 32,
  maxAspect: 4,
  minDeviation: 3,
  minSharpness: 12,
  minBrightness: 12,
  minDarkDeviation: 12,
  maxBrightness: 248,
  minBrightDeviation: 4,
});

import { z } from 'zod';

const limit = (value: number, what: string) => z.number().min(0).default(value).describe(what);

/**
 * What a picture must be like to be kept. Every limit is a setting; how the defaults were measured is in docs/inspect.md.
 * By choice, not by measurement: 32 pixels (the smallest input of a backbone is 224, so at most 7 times enlarged), 64
 * million pixels (today's phone cameras) and 64 MiB.
 */
export const inspectLimitsSchema = z.strictObject({
  maxBytes: limit(64 * 1024 * 1024, 'Largest encoded size'),
  maxPixels: limit(64_000_000, 'Largest width x height, judged from the header'),
  minSidePixels: limit(32, 'Smallest shorter side'),
  maxAspect: limit(4, 'Largest longer side / shorter side'),
  minDeviation: limit(3, 'Smallest standard deviation of the grey levels; below it a picture is `blank`'),
  minSharpness: limit(12, 'Smallest variance of the Laplacian; below it a picture is `blurred`'),
  minBrightness: limit(12, '`too-dark`: a mean grey level under this, and a deviation under the next'),
  minDarkDeviation: limit(12, 'See minBrightness'),
  maxBrightness: limit(248, '`too-bright`: a mean grey level over this, and a deviation under the next'),
  minBrightDeviation: limit(4, 'See maxBrightness'),
  maxTextShare: limit(
    0.18,
    'Largest share of a crawled picture that lines of text cover; from it on it is `mostly-text`. 1 for categories that are made of text',
  ),
  maxOverlay: limit(
    0.5,
    'Largest agreement of a crawled picture with an overlay that repeats over the pictures of its site, 0..1; from it on it is dropped as `watermark`. More than 1 keeps all',
  ),
  maxUnsafe: limit(
    0.7,
    'Largest probability of pornography, drawn or photographed, that the safety networks agree on; from it on a picture is `unsafe`',
  ),
});
export type InspectLimits = Readonly<z.infer<typeof inspectLimitsSchema>>;

export const DEFAULT_INSPECT_LIMITS: InspectLimits = Object.freeze(inspectLimitsSchema.parse({}));

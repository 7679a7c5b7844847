import { createHash } from 'node:crypto';
import { decodeOnce, ImageError, type ImageErrorReason } from '../../../zoo/index.js';
import { measurePixels, type PixelMeasures } from './measure-pixels.js';
import { DEFAULT_INSPECT_LIMITS, type InspectLimits } from './settings.js';

/** Why the inspect stage drops a picture; the words are stable and meant for counting. */
export type InspectReason =
  ImageErrorReason | 'too-small' | 'extreme-aspect' | 'blank' | Exposure | 'blurred';
type Exposure = 'too-dark' | 'too-bright';

interface Fault {
  readonly reason: InspectReason;
  readonly detail: string;
}

/** What one decode tells about a picture. */
export interface InspectMeasures extends PixelMeasures {
  /** Size of the upright picture in pixels, after the EXIF rotation. */
  readonly width: number;
  readonly height: number;
  /** 'jpeg', 'png', 'webp', ... */
  readonly format: string;
  /** Encoded size. */
  readonly bytes: number;
  /** Of the encoded bytes: 64 hexadecimal digits. */
  readonly sha256: string;
  /** Longer side / shorter side, 1 or more. */
  readonly aspect: number;
}

/** A picture is kept, or dropped for one reason; what was measured by then stays known. */
export type Inspection =
  | { readonly kind: 'kept'; readonly measures: InspectMeasures }
  | {
      readonly kind: 'dropped';
      readonly reason: InspectReason;
      readonly detail: string;
      readonly measures?: InspectMeasures;
    };

/** Decodes a picture once and measures it. Never throws for a bad picture; anything else that goes wrong is thrown. */
export async function inspectImage(
  bytes: Uint8Array,
  limits: InspectLimits = DEFAULT_INSPECT_LIMITS,
): Promise<Inspection> {
  try {
    const measures = await measure(bytes, limits);
    const fault = findFault(measures, limits);
    return fault ? { kind: 'dropped', ...fault, measures } : { kind: 'kept', measures };
  } catch (error) {
    if (error instanceof ImageError) return { kind: 'dropped', reason: error.reason, detail: error.message };
    throw error;
  }
}

async function measure(bytes: Uint8Array, limits: InspectLimits): Promise<InspectMeasures> {
  const { meta, pixels } = await decodeOnce(bytes, {
    maxBytes: limits.maxBytes,
    maxPixels: limits.maxPixels,
  });
  const { width, height, format } = meta;
  return {
    width,
    height,
    format,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    aspect: Math.max(width, height) / Math.min(width, height),
    ...measurePixels({ width: pixels.width, height: pixels.height, data: pixels.rgb }),
  };
}

/** The first fault, in an order in which the plainest explanation comes first. */
function findFault(measures: InspectMeasures, limits: InspectLimits): Fault | null {
  const { width, height, aspect } = measures;
  if (Math.min(width, height) < limits.minSidePixels) {
    return {
      reason: 'too-small',
      detail: `${width} x ${height}: the shorter side is under ${limits.minSidePixels} pixels`,
    };
  }
  if (aspect > limits.maxAspect) {
    return {
      reason: 'extreme-aspect',
      detail: `${width} x ${height} is ${aspect.toFixed(1)} : 1, over ${limits.maxAspect} : 1`,
    };
  }
  return findFaultOfLevels(measures, limits);
}

function findFaultOfLevels(measures: InspectMeasures, limits: InspectLimits): Fault | null {
  const { brightness, deviation, sharpness } = measures;
  const levels = `grey levels have a mean of ${brightness.toFixed(0)} and vary by ${deviation.toFixed(1)}`;
  if (deviation < limits.minDeviation)
    return { reason: 'blank', detail: `${levels}, under ${limits.minDeviation}` };
  if (brightness < limits.minBrightness && deviation < limits.minDarkDeviation)
    return {
      reason: 'too-dark',
      detail: `${levels}, under ${limits.minBrightness} and ${limits.minDarkDeviation}`,
    };
  if (brightness > limits.maxBrightness && deviation < limits.minBrightDeviation)
    return {
      reason: 'too-bright',
      detail: `${levels}: over ${limits.maxBrightness}, under ${limits.minBrightDeviation}`,
    };
  if (sharpness < limits.minSharpness)
    return {
      reason: 'blurred',
      detail: `a sharpness of ${sharpness.toFixed(1)} is under ${limits.minSharpness}`,
    };
  return null;
}

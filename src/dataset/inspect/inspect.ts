import { createHash } from 'node:crypto';
import { decodeOnce, ImageError, type ImageErrorReason, type OpenedImage } from '../../../zoo/index.js';
import { measurePixels, type PixelMeasures } from './measure-pixels.js';
import { SAFETY_GEOMETRY, type JudgeSafety, type SafetyMeasure } from './safety.js';
import { DEFAULT_INSPECT_LIMITS, type InspectLimits } from './settings.js';

/** Why the inspect stage drops a picture; the words are stable and meant for counting. */
export type InspectReason =
  | ImageErrorReason
  | 'too-small'
  | 'extreme-aspect'
  | 'blank'
  | Exposure
  | 'blurred'
  | 'mostly-text'
  | 'unsafe';
type Exposure = 'too-dark' | 'too-bright';

interface Fault {
  readonly reason: InspectReason;
  readonly detail: string;
}

/** Changes when any measure could come out otherwise for the same bytes: older ones are then not taken over. */
export const MEASURES_VERSION = 2;

/** What one decode tells about a picture. */
export interface InspectMeasures extends PixelMeasures {
  /** Which {@link MEASURES_VERSION} measured; records of before there was one lack it. */
  readonly version?: number;
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
  /** Left out where nobody asked, or another fault was found before. */
  readonly safety?: SafetyMeasure;
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

/**
 * Decodes a picture once and measures it. Never throws for a bad picture; anything else that goes wrong is thrown.
 * @param judgeSafety asked about pictures that are sound, with pixels of the same decode; left out, nobody is asked
 * @param onKept given the decode of a picture that is kept, for whatever else it serves
 */
export async function inspectImage(
  bytes: Uint8Array,
  limits: InspectLimits = DEFAULT_INSPECT_LIMITS,
  judgeSafety?: JudgeSafety,
  onKept?: (opened: OpenedImage) => Promise<void>,
): Promise<Inspection> {
  try {
    const opened = await decodeOnce(bytes, { maxBytes: limits.maxBytes, maxPixels: limits.maxPixels });
    const verdict = await judge(measure(bytes, opened), opened, limits, judgeSafety);
    if (verdict.kind === 'kept') await onKept?.(opened);
    return verdict;
  } catch (error) {
    if (error instanceof ImageError) return { kind: 'dropped', reason: error.reason, detail: error.message };
    throw error;
  }
}

async function judge(
  measures: InspectMeasures,
  opened: OpenedImage,
  limits: InspectLimits,
  judgeSafety: JudgeSafety | undefined,
): Promise<Inspection> {
  if (!judgeSafety || findFault(measures, limits)) return judgeMeasures(measures, limits);
  const safety = await judgeSafety(await opened.toRgb(SAFETY_GEOMETRY));
  return judgeMeasures({ ...measures, safety }, limits);
}

/** Whether measures of an earlier look answer everything that is asked now. */
export function answersAll(measures: InspectMeasures, limits: InspectLimits, aboutSafety: boolean): boolean {
  const { width, height, bytes, safety } = measures;
  if (bytes > limits.maxBytes || width * height > limits.maxPixels) return false;
  return !aboutSafety || safety !== undefined || findFault(measures, limits) !== null;
}

/** The verdict on what was measured: the same whenever it is asked for. */
export function judgeMeasures(measures: InspectMeasures, limits: InspectLimits): Inspection {
  const fault = findFault(measures, limits) ?? findUnsafe(measures, limits);
  return fault ? { kind: 'dropped', ...fault, measures } : { kind: 'kept', measures };
}

function measure(bytes: Uint8Array, { meta, pixels }: OpenedImage): InspectMeasures {
  const { width, height, format } = meta;
  return {
    version: MEASURES_VERSION,
    width,
    height,
    format,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    aspect: Math.max(width, height) / Math.min(width, height),
    ...measurePixels({ width: pixels.width, height: pixels.height, data: pixels.rgb }),
  };
}

/** The first fault but being unsafe, in an order in which the plainest explanation comes first. */
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
  const { brightness, deviation, sharpness, textShare = 0 } = measures;
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
  if (textShare >= limits.maxTextShare)
    return {
      reason: 'mostly-text',
      detail: `text covers ${(100 * textShare).toFixed(0)} %, ${100 * limits.maxTextShare} % or more`,
    };
  return null;
}

function findUnsafe({ safety }: InspectMeasures, { maxUnsafe }: InspectLimits): Fault | null {
  if (!safety || safety.unsafe < maxUnsafe) return null;
  return {
    reason: 'unsafe',
    detail: `unsafe with a probability of ${safety.unsafe.toFixed(2)}, ${maxUnsafe} or more`,
  };
}

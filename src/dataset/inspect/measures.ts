import type { GreyImage, RgbImage } from './grey.js';

/** Numbers that say whether a picture is worth learning from; all taken from the 128-pixel thumbnail. */
export interface Quality {
  /** Mean grey level, 0 (black) to 255. */
  readonly brightness: number;
  /** Standard deviation of the grey levels: 0 = one flat colour. */
  readonly deviation: number;
  /** Variance of the 4-neighbour Laplacian: small = blurred (Pech-Pacheco et al. 2000, "Diatom autofocusing", LAPV). */
  readonly sharpness: number;
  /** Hasler and Suesstrunk 2003, "Measuring colourfulness in natural images", equation for M: 0 = grey, 109 = extreme. */
  readonly colourfulness: number;
  /** Share of pixels within 2 grey levels of their left neighbour: near 1 for drawings, about 0.5 for photographs. */
  readonly flatShare: number;
}

interface Moments {
  readonly mean: number;
  readonly variance: number;
}

function moments(count: number, valueAt: (i: number) => number): Moments {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const value = valueAt(i);
    sum += value;
    squares += value * value;
  }
  const mean = count === 0 ? 0 : sum / count;
  return { mean, variance: count === 0 ? 0 : Math.max(0, squares / count - mean * mean) };
}

function laplacianVariance({ width, height, data }: GreyImage): number {
  const inner = width - 2;
  const count = Math.max(0, inner) * Math.max(0, height - 2);
  return moments(count, (i) => {
    const at = (Math.floor(i / inner) + 1) * width + (i % inner) + 1;
    const around =
      (data[at - 1] as number) +
      (data[at + 1] as number) +
      (data[at - width] as number) +
      (data[at + width] as number);
    return around - 4 * (data[at] as number);
  }).variance;
}

function colourfulness({ data }: RgbImage): number {
  const count = data.length / 3;
  const redGreen = moments(count, (i) => (data[3 * i] as number) - (data[3 * i + 1] as number));
  const yellowBlue = moments(
    count,
    (i) => ((data[3 * i] as number) + (data[3 * i + 1] as number)) / 2 - (data[3 * i + 2] as number),
  );
  const spread = Math.sqrt(redGreen.variance + yellowBlue.variance);
  return spread + 0.3 * Math.hypot(redGreen.mean, yellowBlue.mean);
}

/** Two levels are within what JPEG and WebP do to a flat area. */
const FLAT_STEP = 2;

function flatShare({ width, data }: GreyImage): number {
  let flat = 0;
  let count = 0;
  for (let i = 1; i < data.length; i++) {
    if (i % width === 0) continue;
    count++;
    if (Math.abs((data[i] as number) - (data[i - 1] as number)) <= FLAT_STEP) flat++;
  }
  return count === 0 ? 1 : flat / count;
}

/** All of a thumbnail's quality measures. */
export function measureQuality(image: RgbImage, grey: GreyImage): Quality {
  const level = moments(grey.data.length, (i) => grey.data[i] as number);
  return {
    brightness: level.mean,
    deviation: Math.sqrt(level.variance),
    sharpness: laplacianVariance(grey),
    colourfulness: colourfulness(image),
    flatShare: flatShare(grey),
  };
}

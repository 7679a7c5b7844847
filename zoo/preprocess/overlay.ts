import type { Geometry } from './input-spec.js';
import { cropRegion, decodeOnce } from './prepare.js';
import { sharp } from './sharp.js';

/** Values on a grid over what a network sees of a picture, row-major. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

const MAX_SIDE = 512;
const MOST_COLOUR = 0.65;

/** Encodes pixels, RGB8, as PNG. */
export const encodePng = (rgb: Uint8Array, width: number, height: number): Promise<Buffer> =>
  sharp(rgb, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();

/**
 * A picture, upright, made to fit a square of `maxSide` pixels, as PNG: small and the same everywhere.
 *
 * @throws ImageError when it cannot be decoded.
 */
export async function smallPng(picture: Uint8Array, maxSide: number): Promise<Buffer> {
  const { pixels } = await decodeOnce(picture);
  return sharp(pixels.rgb, { raw: { width: pixels.width, height: pixels.height, channels: 3 } })
    .resize({ width: maxSide, height: maxSide, fit: 'inside', withoutEnlargement: true })
    .png()
    .toBuffer();
}

/** The grid as 0..255, blown up to `width` x `height`: 0 where nothing speaks for the label, 255 where most does. */
async function strengthOf({ rows, columns, values }: Grid, width: number, height: number): Promise<Buffer> {
  const most = Math.max(...values);
  const levels = Uint8Array.from(values, (value) => (most > 0 ? Math.max(0, (255 * value) / most) : 0));
  return sharp(levels, { raw: { width: columns, height: rows, channels: 1 } })
    .resize({ width, height, fit: 'fill', kernel: 'cubic' })
    .extractChannel(0)
    .raw()
    .toBuffer();
}

/**
 * Lays a heat map over a picture: red to yellow where its values are high. Only what the network sees is coloured.
 *
 * @returns a PNG of at most 512 x 512 pixels, in the proportions of the picture.
 * @throws ImageError when the picture cannot be decoded.
 */
export async function overlayHeat(picture: Uint8Array, geometry: Geometry, grid: Grid): Promise<Buffer> {
  const { pixels } = await decodeOnce(picture);
  const { data, info } = await sharp(pixels.rgb, {
    raw: { width: pixels.width, height: pixels.height, channels: 3 },
  })
    .resize({ width: MAX_SIDE, height: MAX_SIDE, fit: 'inside' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const base = { width: info.width, height: info.height };
  const seen = seenRegion(base, geometry);
  const strength = await strengthOf(grid, seen.width, seen.height);
  for (let y = 0; y < seen.height; y++) {
    for (let x = 0; x < seen.width; x++) {
      const heat = (strength[y * seen.width + x] ?? 0) / 255;
      const at = 3 * ((y + seen.top) * base.width + x + seen.left);
      const share = heat * MOST_COLOUR;
      [255, 230 * heat, 0].forEach((colour, c) => {
        data[at + c] = (data[at + c] ?? 0) * (1 - share) + colour * share;
      });
    }
  }
  return encodePng(data, base.width, base.height);
}

interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The part of a picture that reaches the network: all of it, or the centre in the network's proportions. */
function seenRegion(base: { width: number; height: number }, geometry: Geometry): Region {
  const whole = { left: 0, top: 0, width: base.width, height: base.height };
  if (geometry.resize === 'squish') return whole;
  const kept = cropRegion(base, geometry) ?? whole;
  const scale = Math.min(kept.width / geometry.width, kept.height / geometry.height);
  const [width, height] = [Math.round(geometry.width * scale), Math.round(geometry.height * scale)];
  return {
    left: kept.left + Math.floor((kept.width - width) / 2),
    top: kept.top + Math.floor((kept.height - height) / 2),
    width,
    height,
  };
}

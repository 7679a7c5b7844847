import type { Drawing } from './icon-sets.js';
import { unitOf } from './digest.js';

/** The format of a picture, with its usual file ending and media type. */
export const FORMATS = {
  jpeg: { extension: 'jpg', mime: 'image/jpeg' },
  png: { extension: 'png', mime: 'image/png' },
  webp: { extension: 'webp', mime: 'image/webp' },
} as const;
export type Format = keyof typeof FORMATS;

/** How one picture looks: what a site that shows an icon decides, so that pictures vary as they do on the web. */
export interface Look {
  readonly width: number;
  readonly height: number;
  readonly format: Format;
  /** 1..100, for JPEG and WebP. */
  readonly quality: number;
  /** Two CSS colours, top left to bottom right; equal for a flat background. */
  readonly background: readonly [string, string];
  readonly rotationDegrees: number;
  /** Longer side of the icon as a share of the shorter side of the picture. */
  readonly scale: number;
  /** Centre of the icon as shares of width and height. */
  readonly centre: readonly [number, number];
}

/** Longer side of a sound picture, px. */
export const MIN_SIDE_PX = 200;
export const MAX_SIDE_PX = 420;

const MAX_TILT_DEGREES = 12;
/** Ink of the few icons that leave their colour to the page. */
const INK = '#37474f';

type Draw = (label: string) => number;

const between = (unit: number, low: number, high: number): number => low + unit * (high - low);

function sizeOf(draw: Draw): { width: number; height: number } {
  const long = Math.round(between(draw('size'), MIN_SIDE_PX, MAX_SIDE_PX));
  const shape = draw('shape');
  // Half are square, the rest lie or stand, down to 3:4.
  const short = Math.round(long * (shape < 0.5 ? 1 : between(draw('aspect'), 0.75, 1)));
  return shape < 0.75 ? { width: long, height: short } : { width: short, height: long };
}

function backgroundOf(draw: Draw): readonly [string, string] {
  const kind = draw('background');
  const hue = Math.round(draw('hue') * 360);
  const saturation = Math.round(between(draw('saturation'), 20, 70));
  const lightness = Math.round(between(draw('lightness'), 80, 94));
  const soft = (turn: number, lift: number): string =>
    `hsl(${(hue + turn) % 360}, ${saturation}%, ${lightness + lift}%)`;
  if (kind < 0.4) return ['#ffffff', '#ffffff'];
  return kind < 0.7 ? [soft(0, 0), soft(0, 0)] : [soft(0, 5), soft(25, -8)];
}

function formatOf(unit: number): Format {
  if (unit < 0.6) return 'jpeg';
  return unit < 0.8 ? 'png' : 'webp';
}

/** The look of a picture, decided by its set, name and the gallery's seed alone. */
export function lookFor(seed: number, set: string, icon: string): Look {
  const draw: Draw = (label) => unitOf('look', label, seed, set, icon);
  return {
    ...sizeOf(draw),
    format: formatOf(draw('format')),
    quality: Math.round(between(draw('quality'), 70, 92)),
    background: backgroundOf(draw),
    rotationDegrees: between(draw('tilt'), -MAX_TILT_DEGREES, MAX_TILT_DEGREES),
    scale: between(draw('scale'), 0.66, 0.9),
    centre: [between(draw('x'), 0.46, 0.54), between(draw('y'), 0.46, 0.54)],
  };
}

/** The look of a re-encoded copy of a picture: another size, format and quality, the same view. */
export function copyLookFor(original: Look, seed: number, set: string, icon: string): Look {
  const draw: Draw = (label) => unitOf('copy', label, seed, set, icon);
  const scale = draw('direction') < 0.7 ? between(draw('scale'), 0.7, 0.9) : between(draw('scale'), 1.1, 1.3);
  const format = original.format === 'jpeg' ? 'webp' : 'jpeg';
  return {
    ...original,
    width: Math.round(original.width * scale),
    height: Math.round(original.height * scale),
    format,
    quality: Math.round(between(draw('quality'), 50, 70)),
  };
}

/** A whole SVG document of `drawing` with `look`, in its own pixels. */
export function composeSvg(drawing: Drawing, look: Look): string {
  const { width, height } = look;
  const unit = (Math.min(width, height) * look.scale) / Math.max(drawing.width, drawing.height);
  const [x, y] = [width * look.centre[0], height * look.centre[1]];
  const middle = `${-drawing.left - drawing.width / 2} ${-drawing.top - drawing.height / 2}`;
  const [from, to] = look.background;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<defs><linearGradient id="gallery-background" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient></defs>`,
    `<rect width="100%" height="100%" fill="url(#gallery-background)"/>`,
    `<g transform="translate(${x} ${y}) rotate(${look.rotationDegrees}) scale(${unit}) translate(${middle})">`,
    drawing.body.replaceAll('currentColor', INK),
    `</g></svg>`,
  ].join('');
}

import { rasteriseSvg, reencodeImage } from '../../../../zoo/index.js';

type ImageEncoding = Parameters<typeof reencodeImage>[2];

/** What a generated photograph looks like: a textured background with shapes, all decided by `seed`. */
export interface Photo {
  readonly seed: number;
  readonly width?: number;
  readonly height?: number;
}

export interface Change {
  readonly grey?: boolean;
  readonly flipped?: boolean;
  readonly borderShare?: number;
  readonly colourShift?: number;
  readonly encoding?: ImageEncoding;
}

const JPEG: ImageEncoding = { format: 'jpeg', quality: 90 };

/** A small deterministic series in [0, 1) for the places and colours of the shapes. */
function series(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

function shapes(seed: number): string {
  const next = series(seed);
  return Array.from({ length: 9 }, () => {
    const colour = `hsl(${Math.floor(next() * 360)},70%,${20 + Math.floor(next() * 60)}%)`;
    const [x, y, rx, ry] = [next() * 100, next() * 100, 4 + next() * 22, 4 + next() * 22];
    return `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${colour}" transform="rotate(${next() * 90} ${x} ${y})"/>`;
  }).join('');
}

/** Encodes a generated photograph: noise texture and ellipses, optionally changed as copies on the web are. */
export function drawPhoto({ seed, width = 320, height = 240 }: Photo, change: Change = {}): Promise<Buffer> {
  const pad = 100 * (change.borderShare ?? 0);
  const filters = [
    change.grey ? '<feColorMatrix type="saturate" values="0"/>' : '',
    change.colourShift ? `<feColorMatrix type="hueRotate" values="${change.colourShift}"/>` : '',
  ].join('');
  const texture = `<filter id="t" x="0" y="0" width="1" height="1"><feTurbulence type="fractalNoise" baseFrequency="0.07" numOctaves="4" seed="${seed}"/><feColorMatrix values="1 0 0 0 0 0 1 0 0 0 0 0 1 0 0 0 0 0 0 1"/></filter>`;
  const flip = change.flipped ? ' transform="translate(100 0) scale(-1 1)"' : '';
  const changed = filters ? `<filter id="c" x="0" y="0" width="1" height="1">${filters}</filter>` : '';
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" preserveAspectRatio="none" ` +
    `viewBox="${-pad} ${-pad} ${100 + 2 * pad} ${100 + 2 * pad}"><defs>${texture}${changed}</defs>` +
    `<clipPath id="i"><rect width="100" height="100"/></clipPath><g clip-path="url(#i)"${filters ? ' filter="url(#c)"' : ''}>` +
    `<g${flip}><rect width="100" height="100" filter="url(#t)"/>${shapes(seed)}</g></g></svg>`;
  return rasteriseSvg(svg, { width, height }, '#ffffff', change.encoding ?? JPEG);
}

/** A picture of one colour. */
export function drawPlain(
  colour: string,
  size = { width: 200, height: 150 },
  encoding = JPEG,
): Promise<Buffer> {
  const { width, height } = size;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 1 1"></svg>`;
  return rasteriseSvg(svg, size, colour, encoding);
}

/** The same picture encoded again at another size. */
export const recode = (
  bytes: Uint8Array,
  width: number,
  height: number,
  encoding: ImageEncoding,
): Promise<Buffer> => reencodeImage(bytes, { width, height }, encoding);

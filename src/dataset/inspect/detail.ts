import { areaAverage, type Box, type GreyImage, type RgbImage } from './grey.js';
import { sourceCell, type Turn } from './turns.js';

/** Side of the grey grid and of the colour grid that a detail string holds. */
export const GREY_SIDE = 16;
export const COLOUR_SIDE = 4;
const GREY_CELLS = GREY_SIDE * GREY_SIDE;
const COLOUR_CELLS = COLOUR_SIDE * COLOUR_SIDE;

/** What a detail string unpacks to, ready for comparing. */
export interface Detail {
  /** 16 x 16 grey levels, mean 0 and deviation 1 (nearly plain pictures keep a deviation below 1). */
  readonly grey: Float32Array;
  /** The same 16 x 16 grey levels as they are, 0..255. */
  readonly levels: Uint8Array;
  /** 4 x 4 cells x RGB, each cell's own mean taken away: what is left is colour. */
  readonly chroma: Float32Array;
  /** Mean absolute value of `chroma`: 0 = grey picture. */
  readonly colour: number;
}

/** One channel of a picture as a picture of its own. */
function channelOf(image: RgbImage, channel: number): GreyImage {
  const data = new Uint8Array(image.width * image.height);
  for (let i = 0; i < data.length; i++) data[i] = image.data[i * 3 + channel] as number;
  return { width: image.width, height: image.height, data };
}

/**
 * A coarse copy of the picture for confirming what hashes suggest: 16 x 16 grey levels, then 4 x 4 red, green and blue
 * means, one byte each, as base64 (304 bytes, 408 characters).
 */
export function packDetail(image: RgbImage, grey: GreyImage, box: Box): string {
  const channels = [0, 1, 2].map((c) => areaAverage(channelOf(image, c), COLOUR_SIDE, COLOUR_SIDE, box));
  const bytes = Buffer.alloc(GREY_CELLS + 3 * COLOUR_CELLS);
  areaAverage(grey, GREY_SIDE, GREY_SIDE, box).forEach((value, i) => (bytes[i] = Math.round(value)));
  channels.forEach((cells, c) =>
    cells.forEach((v, i) => (bytes[GREY_CELLS + c * COLOUR_CELLS + i] = Math.round(v))),
  );
  return bytes.toString('base64');
}

/** Below this deviation a picture is all but plain, and scaling it up to 1 would compare noise. */
const MIN_DEVIATION = 4;

function standardised(cells: Uint8Array): Float32Array {
  const mean = cells.reduce((sum, value) => sum + value, 0) / cells.length;
  const variance = cells.reduce((sum, value) => sum + (value - mean) ** 2, 0) / cells.length;
  const scale = 1 / Math.max(Math.sqrt(variance), MIN_DEVIATION);
  return Float32Array.from(cells, (value) => (value - mean) * scale);
}

/**
 * The inverse of {@link packDetail}.
 * @throws {TypeError} when the text is not such a string
 */
export function unpackDetail(text: string): Detail {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== GREY_CELLS + 3 * COLOUR_CELLS) {
    throw new TypeError(
      `A detail string holds ${GREY_CELLS + 3 * COLOUR_CELLS} bytes, this one ${bytes.length}: inspect the picture again.`,
    );
  }
  const colours = bytes.subarray(GREY_CELLS);
  const chroma = Float32Array.from(colours, (value, i) => value - cellMean(colours, i % COLOUR_CELLS));
  const colour = chroma.reduce((sum, value) => sum + Math.abs(value), 0) / chroma.length;
  const levels = bytes.subarray(0, GREY_CELLS);
  return { grey: standardised(levels), levels, chroma, colour };
}

const cellMean = (colours: Uint8Array, cell: number): number =>
  ((colours[cell] as number) +
    (colours[cell + COLOUR_CELLS] as number) +
    (colours[cell + 2 * COLOUR_CELLS] as number)) /
  3;

/** The largest difference of any of the 256 grey cells, in standard deviations of the picture. */
export function largestCellDifference(a: Detail, b: Detail): number {
  return a.grey.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (b.grey[i] as number))), 0);
}

/** Mean absolute difference of the 256 grey cells, 0..255. */
export function levelDifference(a: Detail, b: Detail): number {
  return (
    a.levels.reduce((sum, value, i) => sum + Math.abs(value - (b.levels[i] as number)), 0) / a.levels.length
  );
}

/** Mean absolute difference of colour, 0..170 grey levels; 0 when either picture is (nearly) grey. */
export function colourDifference(a: Detail, b: Detail, minColour: number): number {
  if (Math.min(a.colour, b.colour) < minColour) return 0;
  return (
    a.chroma.reduce((sum, value, i) => sum + Math.abs(value - (b.chroma[i] as number)), 0) / a.chroma.length
  );
}

/** The detail of the turned picture. */
export function turnDetail(detail: Detail, turn: Turn): Detail {
  if (turn === 0) return detail;
  const { grey, levels, chroma, colour } = detail;
  const greyAt = (at: number): number =>
    sourceCell(turn, GREY_SIDE, at % GREY_SIDE, Math.floor(at / GREY_SIDE));
  const chromaAt = (at: number): number => {
    const cell = at % COLOUR_CELLS;
    return at - cell + sourceCell(turn, COLOUR_SIDE, cell % COLOUR_SIDE, Math.floor(cell / COLOUR_SIDE));
  };
  return {
    grey: grey.map((_, at) => grey[greyAt(at)] as number),
    levels: Uint8Array.from(levels, (_, at) => levels[greyAt(at)] as number),
    chroma: chroma.map((_, at) => chroma[chromaAt(at)] as number),
    colour,
  };
}

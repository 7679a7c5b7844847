import { popcount32 } from '../dedupe/hash64.js';
import type { GreyImage } from './grey.js';

/** Text is looked for on a copy whose longer side is at most this, and on one of half the size, for larger letters. */
const LONGEST_SIDE = 640;
/** Side of the square cells that are judged one by one, in pixels. */
const CELL = 16;
/** Paper, or whatever letters stand on: so much of a cell has to have one level, give or take. */
const BACKGROUND_SHARE = 0.5;
const BACKGROUND_TOLERANCE = 16;
/** Levels between a stroke and its background, and the widest stroke. */
const MIN_CONTRAST = 60;
const MAX_STROKE = 10;
/** A cell with as many crossings of strokes, over all rows that are unlike the row above, is of text. */
const MIN_STROKES = 6;
/** Text comes in lines: so many cells of text side by side, on one background. */
const MIN_LINE = 3;
const SAME_BACKGROUND = 8;

/** Each pixel the mean of a square of pixels. */
function shrunk({ width, height, data }: GreyImage, by: number): GreyImage {
  if (by === 1) return { width, height, data };
  const small = { width: Math.floor(width / by), height: Math.floor(height / by) };
  const out = new Uint8Array(small.width * small.height);
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++) {
      let sum = 0;
      for (let row = y * by; row < (y + 1) * by; row++)
        for (let at = row * width + x * by, end = at + by; at < end; at++) sum += data[at] as number;
      out[y * small.width + x] = Math.round(sum / (by * by));
    }
  }
  return { ...small, data: out };
}

/** Four grey levels a bin. */
const BINS = 64;
const BIN_LEVELS = 256 / BINS;

/** The level that most of a cell has, or -1 where no level has enough of it. */
function backgroundOf({ width, data }: GreyImage, start: number, bins: Uint16Array): number {
  bins.fill(0);
  for (let y = 0; y < CELL; y++)
    for (let at = start + y * width, end = at + CELL; at < end; at++) bins[(data[at] as number) >> 2]!++;
  let [best, most] = [0, 0];
  for (let i = 0; i < BINS; i++) {
    const around = (bins[i - 1] ?? 0) + (bins[i] as number) + (bins[i + 1] ?? 0);
    if (around > most) [best, most] = [i, around];
  }
  return most < BACKGROUND_SHARE * CELL * CELL ? -1 : best * BIN_LEVELS + BIN_LEVELS / 2;
}

/** Where a row of a cell crosses strokes, a bit each: from the background over something thin and strong back to it. */
function strokesOfRow(data: Uint8Array, start: number, background: number): number {
  let [strokes, from, peak] = [0, -1, 0];
  for (let x = 0; x < CELL; x++) {
    const difference = Math.abs((data[start + x] as number) - background);
    if (difference > BACKGROUND_TOLERANCE) {
      peak = Math.max(peak, difference);
      continue;
    }
    if (from >= 0 && peak >= MIN_CONTRAST && x - from <= MAX_STROKE + 1) strokes |= 1 << from;
    [from, peak] = [x, 0];
  }
  return strokes;
}

/** Strokes crossed by the rows of a cell. Letters change from row to row; rows like the one above are bars, blinds or keys. */
function strokesIn({ width, data }: GreyImage, start: number, background: number): number {
  let [strokes, above] = [0, 0];
  for (let y = 0; y < CELL; y++) {
    const row = strokesOfRow(data, start + y * width, background);
    if (row !== above) strokes += popcount32(row);
    above = row;
  }
  return strokes;
}

/** Background level of each cell of text in one row of cells; -1 for the others. */
function textCells(image: GreyImage, row: number, columns: number, bins: Uint16Array): number[] {
  return Array.from({ length: columns }, (_, column) => {
    const start = row * CELL * image.width + column * CELL;
    const background = backgroundOf(image, start, bins);
    return background >= 0 && strokesIn(image, start, background) >= MIN_STROKES ? background : -1;
  });
}

/** Cells that stand in lines: runs of text on one background. */
function cellsInLines(cells: readonly number[]): number {
  let [inLines, run] = [0, 0];
  cells.forEach((background, i) => {
    const goesOn = background >= 0 && Math.abs(background - (cells[i - 1] ?? -100)) <= SAME_BACKGROUND;
    run = background < 0 ? 0 : goesOn ? run + 1 : 1;
    if (run === MIN_LINE) inLines += MIN_LINE;
    else if (run > MIN_LINE) inLines++;
  });
  return inLines;
}

function shareAt(image: GreyImage): number {
  const [columns, rows] = [Math.floor(image.width / CELL), Math.floor(image.height / CELL)];
  const bins = new Uint16Array(BINS);
  let text = 0;
  for (let row = 0; row < rows; row++) text += cellsInLines(textCells(image, row, columns, bins));
  return columns * rows === 0 ? 0 : text / (columns * rows);
}

/**
 * Share of a picture that lines of text cover, 0..1: cells of 16 pixels that are mostly one plain level, crossed by thin strong
 * strokes, side by side on the same level. Foliage and fur have strokes but no plain level between them; lattices and branches
 * before a sky have both, but seldom over much of a picture. A page of text gives 0.3 to 0.6: margins count, too.
 */
export function textShare(image: GreyImage): number {
  const by = Math.ceil(Math.max(image.width, image.height) / LONGEST_SIDE);
  const fine = shrunk(image, by);
  return Math.max(shareAt(fine), shareAt(shrunk(fine, 2)));
}

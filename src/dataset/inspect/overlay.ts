import { areaAverage, type GreyImage } from './grey.js';

/** Side of the grid that overlays are looked for on. */
const SIDE = 48;
export const OVERLAY_CELLS = SIDE * SIDE;
/** Grey levels by which a cell must differ from the mean of its eight neighbours to count as brighter or darker. */
const STEP = 1;

/** -1, 0 or 1: whether the cell is darker than its neighbours, like them, or brighter. */
function signAt(grid: Float64Array, at: number): number {
  let around = 0;
  for (const row of [at - SIDE, at, at + SIDE])
    around += (grid[row - 1] as number) + (grid[row] as number) + (grid[row + 1] as number);
  const own = grid[at] as number;
  const difference = own - (around - own) / 8;
  return difference > STEP ? 1 : difference < -STEP ? -1 : 0;
}

/**
 * Where a picture, stretched to 48 x 48 cells, is a little brighter or darker than just around: base64, two bits a cell. Of one
 * picture this says nothing; an overlay that many pictures share agrees in all of them, whatever they show.
 */
export function overlaySignature(grey: GreyImage): string {
  const grid = areaAverage(grey, SIDE, SIDE);
  const bytes = Buffer.alloc(OVERLAY_CELLS / 4);
  for (let y = 1; y < SIDE - 1; y++) {
    for (let x = 1; x < SIDE - 1; x++) {
      const at = y * SIDE + x;
      bytes[at >> 2]! |= (signAt(grid, at) + 1) << (2 * (at & 3));
    }
  }
  // The rim has no neighbours on one side: it is written as -1 by the zeroes of the buffer, so it is set to 0 here.
  for (let i = 0; i < SIDE; i++)
    for (const at of [i, OVERLAY_CELLS - 1 - i, i * SIDE, i * SIDE + SIDE - 1])
      bytes[at >> 2] = ((bytes[at >> 2] as number) & ~(3 << (2 * (at & 3)))) | (1 << (2 * (at & 3)));
  return bytes.toString('base64');
}

/** The inverse of {@link overlaySignature}: -1, 0 or 1 a cell. */
export function unpackOverlay(text: string): Int8Array {
  const bytes = Buffer.from(text, 'base64');
  return Int8Array.from(
    { length: OVERLAY_CELLS },
    (_, at) => (((bytes[at >> 2] ?? 0) >> (2 * (at & 3))) & 3) - 1,
  );
}

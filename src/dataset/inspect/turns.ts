import { areaAverage, type Box, type GreyImage } from './grey.js';
import { bitsOfDifferences, bitsOfFrequencies, bitsToHex, frequenciesOf, HASH_SIDE } from './hashes.js';

/**
 * The seven ways to mirror a picture and turn it by right angles, by number. Bit 0: left and right are swapped; bit 1: top and
 * bottom are; bit 2: before that, rows and columns are. 0 is the picture as it is.
 */
export const TURNS = [1, 2, 3, 4, 5, 6, 7] as const;
export type Turn = 0 | (typeof TURNS)[number];

/** Whether a turn mirrors the picture; the others (3, 5, 6) rotate it. */
export const mirrors = (turn: Turn): boolean => turn === 1 || turn === 2 || turn === 4 || turn === 7;

/** Where cell (x, y) of a turned square grid of `side` cells a side comes from in the upright one. */
export function sourceCell(turn: Turn, side: number, x: number, y: number): number {
  const column = turn & 1 ? side - 1 - x : x;
  const row = turn & 2 ? side - 1 - y : y;
  return turn & 4 ? column * side + row : row * side + column;
}

/**
 * DCT coefficients of the turned picture, from those of the upright one: mirroring negates every other frequency of its
 * axis, swapping rows and columns swaps the axes.
 */
export function turnFrequencies(upright: Float64Array, turn: Turn): Float64Array {
  return Float64Array.from(upright, (_, at) => {
    const u = at % HASH_SIDE;
    const v = Math.floor(at / HASH_SIDE);
    const value = upright[turn & 4 ? u * HASH_SIDE + v : at] as number;
    const negated = (turn & 1 ? u & 1 : 0) ^ (turn & 2 ? v & 1 : 0);
    return negated ? -value : value;
  });
}

/** The 9 x 8 grid that the difference hash of the turned picture compares. */
function turnedGrid(wide: Float64Array, high: Float64Array, turn: Turn): Float64Array {
  const width = HASH_SIDE + 1;
  return Float64Array.from(wide, (_, at) => {
    const x = turn & 1 ? HASH_SIDE - (at % width) : at % width;
    const row = Math.floor(at / width);
    const y = turn & 2 ? HASH_SIDE - 1 - row : row;
    return (turn & 4 ? high[x * HASH_SIDE + y] : wide[y * width + x]) as number;
  });
}

/**
 * The two hashes of all turned copies of a picture, computed without turning it: 7 x 32 hexadecimal digits, for each of
 * {@link TURNS} the DCT hash and the difference hash.
 */
export function turnedHashes(image: GreyImage, box?: Box): string {
  const frequencies = frequenciesOf(image, box);
  const wide = areaAverage(image, HASH_SIDE + 1, HASH_SIDE, box);
  const high = areaAverage(image, HASH_SIDE, HASH_SIDE + 1, box);
  return TURNS.map(
    (turn) =>
      bitsToHex(bitsOfFrequencies(turnFrequencies(frequencies, turn))) +
      bitsToHex(bitsOfDifferences(turnedGrid(wide, high, turn))),
  ).join('');
}

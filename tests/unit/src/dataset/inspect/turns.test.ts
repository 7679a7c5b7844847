import { describe, expect, it } from 'vitest';
import { createRng } from '../../../../../zoo/index.js';
import { packDetail, turnDetail, unpackDetail } from '../../../../../src/dataset/inspect/detail.js';
import { type RgbImage, toGrey } from '../../../../../src/dataset/inspect/grey.js';
import { differenceHash, perceptualHash } from '../../../../../src/dataset/inspect/hashes.js';
import { mirrors, TURNS, turnedHashes, type Turn } from '../../../../../src/dataset/inspect/turns.js';

function colourful(seed: string, width: number, height: number): RgbImage {
  const rng = createRng(seed);
  const phases = [rng.next() * 6, rng.next() * 6, rng.next() * 6];
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    const [x, y] = [(pixel % width) / width, Math.floor(pixel / width) / height];
    return 128 + 70 * Math.sin(9 * x + (phases[i % 3] ?? 0)) * Math.cos(7 * y * x) + 40 * (rng.next() - 0.5);
  });
  return { width, height, data };
}

/** The definition: rows and columns swapped (bit 2), then left and right (bit 0), top and bottom (bit 1). */
function turnPixels(image: RgbImage, turn: Turn): RgbImage {
  const swapped = (turn & 4) !== 0;
  const [width, height] = swapped ? [image.height, image.width] : [image.width, image.height];
  const data = new Uint8Array(image.data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const column = turn & 1 ? width - 1 - x : x;
      const row = turn & 2 ? height - 1 - y : y;
      const from = swapped ? column * image.width + row : row * image.width + column;
      for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = image.data[from * 3 + c] ?? 0;
    }
  }
  return { width, height, data };
}

const box = ({ width, height }: RgbImage) => ({ left: 0, top: 0, width, height });

describe('turned copies', () => {
  it.each(TURNS)('have the hashes of the turned pixels (turn %i)', (turn) => {
    for (const seed of ['a', 'b', 'c']) {
      const image = colourful(seed, 160, 120);
      const turned = toGrey(turnPixels(image, turn));
      const hashes = turnedHashes(toGrey(image));
      expect(hashes).toHaveLength(7 * 32);
      expect(hashes.slice((turn - 1) * 32, turn * 32)).toBe(perceptualHash(turned) + differenceHash(turned));
    }
  });

  it.each(TURNS)('have the detail of the turned pixels (turn %i)', (turn) => {
    const image = colourful('detail', 96, 64);
    const turned = turnPixels(image, turn);
    const mine = turnDetail(unpackDetail(packDetail(image, toGrey(image), box(image))), turn);
    const theirs = unpackDetail(packDetail(turned, toGrey(turned), box(turned)));
    mine.levels.forEach((v, i) => expect(Math.abs(v - (theirs.levels[i] ?? 999))).toBeLessThanOrEqual(1));
    mine.grey.forEach((v, i) => expect(v).toBeCloseTo(theirs.grey[i] ?? Number.NaN, 0));
    mine.chroma.forEach((v, i) => expect(Math.abs(v - (theirs.chroma[i] ?? 999))).toBeLessThanOrEqual(1));
  });

  it('are told apart: four of them are mirrored, three only rotated', () => {
    expect(TURNS.filter(mirrors)).toEqual([1, 2, 4, 7]);
  });
});

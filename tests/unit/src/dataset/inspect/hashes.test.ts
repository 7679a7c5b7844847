import { describe, expect, it } from 'vitest';
import { createRng } from '../../../../../zoo/index.js';
import { areaAverage, type GreyImage, thumbnail, toGrey } from '../../../../../src/dataset/inspect/grey.js';
import {
  BRIGHTER_BY,
  differenceHash,
  lowFrequencies,
  MEDIAN_MARGIN,
  perceptualHash,
} from '../../../../../src/dataset/inspect/hashes.js';

function noisyPicture(seed: string, width: number, height: number): GreyImage {
  const rng = createRng(seed);
  const phase = rng.next() * 6;
  const data = Uint8Array.from({ length: width * height }, (_, i) => {
    const x = (i % width) / width;
    const y = Math.floor(i / width) / height;
    return 128 + 70 * Math.sin(9 * x + phase) * Math.cos(7 * y * x + phase) + 40 * (rng.next() - 0.5);
  });
  return { width, height, data };
}

/** The definition of the DCT-II, term by term. */
function slowDct(square: Float64Array, u: number, v: number): number {
  let sum = 0;
  for (let y = 0; y < 32; y++) {
    for (let x = 0; x < 32; x++) {
      sum +=
        (square[y * 32 + x] ?? 0) *
        Math.cos((Math.PI / 32) * (x + 0.5) * u) *
        Math.cos((Math.PI / 32) * (y + 0.5) * v);
    }
  }
  return sum * (u === 0 ? Math.SQRT1_2 : 1) * (v === 0 ? Math.SQRT1_2 : 1);
}

/** Mean of the part of the picture that a cell covers, by fine sampling; no code shared with the real one. */
function slowCell(image: GreyImage, columns: number, rows: number, column: number, row: number): number {
  let sum = 0;
  const fine = 64;
  for (let i = 0; i < fine; i++) {
    for (let j = 0; j < fine; j++) {
      const x = Math.floor(((column + (i + 0.5) / fine) * image.width) / columns);
      const y = Math.floor(((row + (j + 0.5) / fine) * image.height) / rows);
      sum += image.data[y * image.width + x] ?? 0;
    }
  }
  return sum / fine ** 2;
}

const toHex = (bits: string): string => BigInt(`0b${bits}`).toString(16).padStart(16, '0');

describe('areaAverage', () => {
  it('gives each cell the mean of what it covers, cells that do not fall on pixels included', () => {
    const image = noisyPicture('area', 101, 67);
    const cells = areaAverage(image, 9, 8);
    for (const [column, row] of [
      [0, 0],
      [4, 3],
      [8, 7],
    ] as const) {
      expect(cells[row * 9 + column]).toBeCloseTo(slowCell(image, 9, 8, column, row), -1);
    }
    const mean = image.data.reduce((sum, value) => sum + value, 0) / image.data.length;
    expect(cells.reduce((sum, value) => sum + value, 0) / 72).toBeCloseTo(mean, 6);
  });

  it('enlarges too, and keeps to its box', () => {
    const image: GreyImage = { width: 3, height: 2, data: Uint8Array.from([9, 10, 20, 9, 30, 40]) };
    expect([...areaAverage(image, 4, 2, { left: 1, top: 0, width: 2, height: 2 })]).toEqual([
      10, 10, 20, 20, 30, 30, 40, 40,
    ]);
  });
});

describe('perceptualHash', () => {
  it.each(['a', 'b', 'c', 'd', 'e'])('equals the definition computed term by term (%s)', (seed) => {
    const image = noisyPicture(seed, 160, 120);
    const square = areaAverage(image, 32, 32);
    const slow = Array.from({ length: 64 }, (_, i) => slowDct(square, i % 8, Math.floor(i / 8)));
    lowFrequencies(square).forEach((value, i) => expect(value).toBeCloseTo(slow[i] ?? Number.NaN, 6));
    const ranked = slow.slice(1).sort((x, y) => x - y);
    const limit = (ranked[31] ?? 0) + MEDIAN_MARGIN;
    expect(perceptualHash(image)).toBe(toHex(slow.map((value) => (value > limit ? '1' : '0')).join('')));
  });

  it('is the same for a symmetric drawing and its noisy copy, where the plain median would flip bits', () => {
    const size = 96;
    const disc = (noise: () => number): GreyImage => ({
      width: size,
      height: size,
      data: Uint8Array.from({ length: size * size }, (_, i) => {
        const distance = Math.hypot((i % size) - 47.5, Math.floor(i / size) - 47.5);
        return Math.max(0, Math.min(255, (distance < 30 ? 60 : 250) + noise()));
      }),
    });
    const rng = createRng('disc');
    expect(perceptualHash(disc(() => Math.round(6 * (rng.next() - 0.5))))).toBe(
      perceptualHash(disc(() => 0)),
    );
  });
});

describe('differenceHash', () => {
  it('has a bit for every cell that is clearly brighter than its left neighbour', () => {
    const image = noisyPicture('diff', 180, 160);
    const cells = areaAverage(image, 9, 8);
    let bits = '';
    for (let y = 0; y < 8; y++) {
      for (let x = 0; x < 8; x++)
        bits += (cells[y * 9 + x + 1] ?? 0) - (cells[y * 9 + x] ?? 0) > BRIGHTER_BY ? '1' : '0';
    }
    expect(differenceHash(image)).toBe(toHex(bits));
  });

  it('is all ones for a ramp to the right and all zeros for one to the left or a flat picture', () => {
    const ramp = (slope: number): GreyImage => ({
      width: 90,
      height: 80,
      data: Uint8Array.from({ length: 7200 }, (_, i) => 128 + slope * ((i % 90) - 45)),
    });
    expect(differenceHash(ramp(2))).toBe('ffffffffffffffff');
    expect(differenceHash(ramp(-2))).toBe('0000000000000000');
    expect(differenceHash(ramp(0))).toBe('0000000000000000');
  });
});

describe('toGrey and thumbnail', () => {
  it('weighs red, green and blue as BT.601 does', () => {
    const data = Uint8Array.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]);
    expect([...toGrey({ width: 4, height: 1, data }).data]).toEqual([76, 150, 29, 255]);
  });

  it('shrinks to the longer side, keeps the aspect and never enlarges', () => {
    const image = { width: 300, height: 100, data: new Uint8Array(90_000).fill(77) };
    const small = thumbnail(image, 128);
    expect([small.width, small.height]).toEqual([128, 43]);
    expect(new Set(small.data)).toEqual(new Set([77]));
    expect(thumbnail(small, 500)).toBe(small);
  });
});

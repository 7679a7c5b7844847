import { describe, expect, it } from 'vitest';
import {
  type Affine,
  blockCorrelations,
  halved,
  IDENTITY,
  refine,
  type Square,
} from '../../../../../src/dataset/dedupe/align.js';
import { solveSymmetric } from '../../../../../src/dataset/dedupe/solve.js';
import { confirmByAlignment, kindOf, LOOK_SIDE } from '../../../../../src/dataset/dedupe/second-look.js';
import { createRng } from '../../../../../zoo/index.js';

/** A smooth scene of many waves, which can be looked at anywhere: any affine view of it is exact. */
function scene(seed: string): (x: number, y: number) => number {
  const rng = createRng(seed);
  const waves = Array.from({ length: 14 }, () => ({
    u: 16 * (rng.next() - 0.5),
    v: 16 * (rng.next() - 0.5),
    phase: 7 * rng.next(),
    height: 6 + 20 * rng.next(),
  }));
  return (x, y) =>
    waves.reduce((sum, { u, v, phase, height }) => sum + height * Math.sin(u * x + v * y + phase), 128);
}

function view(at: (x: number, y: number) => number, [a, b, c, d, e, f]: Affine, side = LOOK_SIDE): Square {
  const data = Float32Array.from({ length: side * side }, (_, i) => {
    const x = (2 * (i % side) + 1) / side - 1;
    const y = (2 * Math.floor(i / side) + 1) / side - 1;
    return at(a * x + b * y + c, d * x + e * y + f);
  });
  return { side, data };
}

const grey = ({ data }: Square): Uint8Array =>
  Uint8Array.from(data, (value) => Math.max(0, Math.min(255, Math.round(value))));

const tilt = (degrees: number): Affine => {
  const angle = (degrees * Math.PI) / 180;
  return [Math.cos(angle), -Math.sin(angle), 0, Math.sin(angle), Math.cos(angle), 0];
};
const CROP: Affine = [0.85, 0, 0.08, 0, 0.9, -0.05];

describe('solveSymmetric', () => {
  it('solves a system, and refuses a singular one', () => {
    const a = Float64Array.from([4, 2, 0, 2, 5, 1, 0, 1, 3]);
    const [x] = solveSymmetric(a, [Float64Array.from([8, 15, 11])]) ?? [];
    [1, 2, 3].forEach((value, i) => expect(x?.[i]).toBeCloseTo(value, 10));
    expect(solveSymmetric(Float64Array.from([1, 1, 1, 1]), [Float64Array.from([1, 1])])).toBeNull();
  });
});

describe('refine', () => {
  it.each([
    ['a crop', CROP],
    ['a tilt of 5 degrees', tilt(5)],
    ['a tilt the other way', tilt(-6)],
  ])('finds how one picture lies in another: %s', (_, affine) => {
    const at = scene('alignment');
    const found = refine(view(at, affine, 32), view(at, IDENTITY, 32), IDENTITY, 40);
    affine.forEach((value, i) => expect(found.affine[i]).toBeCloseTo(value, 1));
    expect(found.correlation).toBeGreaterThan(0.99);
  });

  it('does not care about brightness and contrast', () => {
    const at = scene('alignment');
    const dim = view((x, y) => 40 + 0.4 * at(x, y), CROP, 32);
    expect(refine(dim, view(at, IDENTITY, 32), IDENTITY, 40).correlation).toBeGreaterThan(0.99);
  });

  it('stays finite on flat pictures and pictures with nothing in common', () => {
    const flat: Square = { side: 16, data: new Float32Array(256).fill(9) };
    expect(refine(flat, flat, IDENTITY, 10).correlation).toBe(0);
    expect(refine(flat, flat, [1, 0, 5, 0, 1, 0], 10)).toMatchObject({ correlation: -1, overlap: 0 });
  });
});

describe('halved', () => {
  it('averages blocks of four', () => {
    const square: Square = { side: 2, data: Float32Array.from([1, 2, 3, 6]) };
    expect(halved(square)).toEqual({ side: 1, data: Float32Array.from([3]) });
  });
});

describe('blockCorrelations', () => {
  it('is near 1 everywhere for a copy, and leaves out blocks that show nothing', () => {
    const whole = view(scene('blocks'), IDENTITY);
    const blocks = blockCorrelations(whole, whole, IDENTITY);
    expect(Math.min(...blocks)).toBeGreaterThan(0.99);
    const flat: Square = { side: LOOK_SIDE, data: new Float32Array(LOOK_SIDE ** 2).fill(7) };
    expect(blockCorrelations(flat, flat, IDENTITY)).toEqual([]);
  });
});

describe('confirmByAlignment', () => {
  const at = scene('confirm');
  const original = grey(view(at, IDENTITY));

  it.each([
    ['cropped', CROP],
    ['rotated', tilt(5)],
    ['embedding', IDENTITY],
  ] as const)('confirms a copy and names it: %s', (kind, affine) => {
    const alignment = confirmByAlignment(grey(view(at, affine)), original);
    const size = { width: 400, height: 400 };
    expect(alignment && kindOf(alignment, size, size)).toBe(kind);
  });

  it('is not put off by a caption', () => {
    const captioned = original.map((value, i) => (i > 0.8 * original.length && i % 7 < 4 ? 250 : value));
    expect(confirmByAlignment(captioned, original)).not.toBeNull();
  });

  it('refuses strangers', () => {
    for (let i = 0; i < 30; i++)
      expect(confirmByAlignment(grey(view(scene(`stranger-${i}`), IDENTITY)), original)).toBeNull();
  });

  it('refuses soft gradients, which an affine map lays over one another at will', () => {
    const gradient = (u: number, v: number): Uint8Array =>
      grey(view((x, y) => 128 + 12 * (u * x + v * y), IDENTITY));
    expect(confirmByAlignment(gradient(1, 0.2), gradient(0.9, 0.4))).toBeNull();
  });
});

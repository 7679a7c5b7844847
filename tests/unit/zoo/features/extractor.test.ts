import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FeatureExtractor, InstalledBackbone, Matrix } from '../../../../zoo/index.js';
import { createRng, GraphError, openExtractor, ZooError } from '../../../../zoo/index.js';
import { installSmall } from '../backbones/installed.js';

let installed: InstalledBackbone;
let extractor: FeatureExtractor;

beforeAll(async () => {
  installed = await installSmall();
  extractor = await openExtractor(installed, { batchSize: 4 });
});

afterAll(() => extractor.close());

const SIZE = 224 * 224 * 3;

function pictures(count: number): Uint8Array[] {
  const rng = createRng('pictures');
  return Array.from({ length: count }, () => Uint8Array.from({ length: SIZE }, () => rng.int(256)));
}

/** Largest difference as a share of the largest value. */
function difference(a: Matrix, b: Matrix): number {
  const scale = a.data.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-6);
  return a.data.reduce((max, value, i) => Math.max(max, Math.abs(value - (b.data[i] ?? NaN))), 0) / scale;
}

const joinRows = (parts: readonly (readonly Matrix[])[], tap: number): Matrix => {
  const matrices = parts.flatMap((part) => part[tap] ?? []);
  const data = Float32Array.from(matrices.flatMap((matrix) => [...matrix.data]));
  return { rows: matrices.length, cols: matrices[0]?.cols ?? 0, data };
};

describe('openExtractor', () => {
  it('gives a row a picture and a column a channel, for every tap', async () => {
    const matrices = await extractor.run(pictures(3));
    expect(matrices.map((matrix) => [matrix.rows, matrix.cols])).toEqual(
      installed.taps.map((tap) => [3, tap.channels]),
    );
    expect(matrices.every((matrix) => matrix.data.length === matrix.rows * matrix.cols)).toBe(true);
    expect(matrices.every((matrix) => matrix.data.every(Number.isFinite))).toBe(true);
  });

  it('does not depend on how pictures are batched', async () => {
    const images = pictures(6);
    const together = await extractor.run(images);
    const alone = await Promise.all(images.map((image) => extractor.run([image])));
    together.forEach((matrix, tap) => {
      expect(difference(matrix, joinRows(alone, tap))).toBeLessThan(1e-5);
    });
  });

  it('gives the same in one pass as networks cut at each tap', async () => {
    const images = pictures(2);
    const together = await extractor.run(images);
    for (const id of ['block-02', 'wide-09', 'block-14']) {
      const cut = await openExtractor(installed, { taps: [id] });
      const [matrix] = await cut.run(images);
      await cut.close();
      const tap = installed.taps.findIndex((candidate) => candidate.id === id);
      expect(difference(together[tap] as Matrix, matrix as Matrix)).toBeLessThan(1e-5);
    }
  });

  it('gives the same bits again', async () => {
    const images = pictures(2);
    const [first, second] = [await extractor.run(images), await extractor.run(images)];
    expect(second).toEqual(first);
  });

  it('gives nothing for nothing', async () => {
    const matrices = await extractor.run([]);
    expect(matrices.every((matrix) => matrix.rows === 0 && matrix.data.length === 0)).toBe(true);
  });

  it('refuses pictures of another size and taps that are not there', async () => {
    await expect(extractor.run([new Uint8Array(5)])).rejects.toThrow(ZooError);
    await expect(openExtractor(installed, { taps: ['block-99'] })).rejects.toThrow(GraphError);
  });
});

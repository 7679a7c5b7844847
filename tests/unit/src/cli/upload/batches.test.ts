import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batchesOf, fitsUpload } from '../../../../../src/cli/upload/batches.js';

const file = (name: string, bytes: number) => ({ path: `/x/${name}`, name, bytes });

describe('batchesOf', () => {
  test('keeps order and loses nothing, within both limits', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 80 });
    fc.assert(
      fc.property(sizes, (list) => {
        const files = list.map((bytes, i) => file(`${i}`, bytes));
        const batches = [...batchesOf(files, { maxFiles: 4, maxBytes: 20 })];
        expect(batches.flat()).toEqual(files);
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(4);
          const bytes = batch.reduce((sum, one) => sum + one.bytes, 0);
          expect(bytes <= 20 || batch.length === 1).toBe(true);
        }
      }),
    );
  });

  test('fills batches: no smaller ones than needed', () => {
    const files = Array.from({ length: 10 }, (_, i) => file(`${i}`, 1));
    expect([...batchesOf(files, { maxFiles: 4, maxBytes: 100 })].map((batch) => batch.length)).toEqual([
      4, 4, 2,
    ]);
    expect([...batchesOf(files, { maxFiles: 100, maxBytes: 5 })].map((batch) => batch.length)).toEqual([
      5, 5,
    ]);
  });
});

test('a picture beyond the limit of the service is not sent, a zip of that size is', () => {
  const bytes = 60 * 1024 * 1024;
  expect(fitsUpload(file('a.jpg', bytes))).toBe(false);
  expect(fitsUpload(file('a.ZIP', bytes))).toBe(true);
  expect(fitsUpload(file('a.jpg', 0))).toBe(true);
});

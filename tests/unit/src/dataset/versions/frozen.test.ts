import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../../../../zoo/index.js';
import { diffDatasets, versionOf } from '../../../../../src/dataset/versions/frozen.js';

const place = fc.record({
  sha256: fc.integer({ min: 0, max: 40 }).map((n) => n.toString(16).padStart(64, '0')),
  category: fc.constantFrom('cat', 'dog', 'a b'),
  part: fc.constantFrom('train' as const, 'validation' as const, 'test' as const),
});
const dataset = fc.uniqueArray(place, { selector: ({ sha256 }) => sha256 });

describe('the name of a data set', () => {
  it('is the sha256 of its sorted lines', () => {
    const one = { sha256: 'b'.repeat(64), category: 'cat', part: 'train' } as const;
    const two = { sha256: 'a'.repeat(64), category: 'dog', part: 'test' } as const;
    // By sha256sum, of the two lines written by printf.
    expect(versionOf([one, two])).toBe('96cc0475371647e8f1ca3c294b6992040b60b84dbd5eb90c902f98ecb8cdef5a');
  });

  it('does not hang on order, and differs whenever a picture, category or part does', () => {
    fc.assert(
      fc.property(dataset, dataset, fc.nat(), (a, b, seed) => {
        expect(versionOf(createRng(seed).shuffle(a))).toBe(versionOf(a));
        const { added, removed, moved } = diffDatasets(a, b);
        expect(versionOf(a) === versionOf(b)).toBe(added.length + removed.length + moved.length === 0);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the difference of two data sets', () => {
  it('makes the second of the first', () => {
    fc.assert(
      fc.property(dataset, dataset, (a, b) => {
        const { added, removed, moved } = diffDatasets(a, b);
        const gone = new Set(removed.map(({ sha256 }) => sha256));
        const to = new Map(moved.map((one) => [one.sha256, one.to]));
        const made = [
          ...a.filter(({ sha256 }) => !gone.has(sha256)).map((one) => ({ ...one, ...to.get(one.sha256) })),
          ...added,
        ];
        expect(versionOf(made)).toBe(versionOf(b));
      }),
      { numRuns: 500 },
    );
  });
});

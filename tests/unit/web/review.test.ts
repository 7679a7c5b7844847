import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asMap, chunks, moved, undone, undoStep, withSaid, type Said } from '../../../web/src/lib/review';

const said = fc.record({
  sha256: fc.constantFrom('a', 'b', 'c', 'd'),
  action: fc.constantFrom('keep' as const, 'drop' as const, 'move' as const),
  category: fc.constantFrom('cat', null),
}) satisfies fc.Arbitrary<Said>;

describe('a review session', () => {
  it('undoes any decisions to exactly what was there before', () => {
    fc.assert(
      fc.property(fc.array(said), fc.array(fc.array(said, { minLength: 1 })), (start, acts) => {
        let decisions = asMap(start);
        const steps = acts.map((act) => {
          const step = undoStep(
            decisions,
            act.map(({ sha256 }) => sha256),
          );
          decisions = withSaid(decisions, act);
          return step;
        });
        for (const step of steps.reverse()) decisions = undone(decisions, step);
        expect(Object.fromEntries(decisions)).toEqual(Object.fromEntries(asMap(start)));
      }),
    );
  });

  it('sends everything in parts that a request takes', () => {
    expect(chunks([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
    expect(chunks([], 2)).toEqual([]);
  });

  const grid = { columns: 4, rows: 2, total: 10 };
  it.each([
    ['right', 0, 1],
    ['right', 9, 9],
    ['left', 0, 0],
    ['down', 1, 5],
    ['down', 8, 9],
    ['up', 2, 2],
    ['up', 5, 1],
    ['home', 7, 0],
    ['end', 3, 9],
    ['pagedown', 0, 8],
    ['pageup', 9, 1],
  ] as const)('goes %s from %i to %i', (move, from, to) => {
    expect(moved(from, move, grid)).toBe(to);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Floor, Scored } from '../../../web/src/lib/board';
import {
  bestOfHeads,
  boardRows,
  depthLines,
  depthOf,
  firstMember,
  firstRows,
  isPlainTap,
  paretoFront,
  sameTrial,
  shortTap,
} from '../../../web/src/lib/board';

const trial = (
  over: Partial<Pick<Scored, 'backbone' | 'tap' | 'head' | 'params'>>,
  accuracy: number,
  latencyMs: number | null = 1,
): Scored => ({
  backbone: 'a',
  tap: 'block-1',
  head: 'ridge',
  params: {},
  ...over,
  state: 'complete',
  reason: null,
  pareto: false,
  validation: { accuracy, interval: [accuracy, accuracy], count: 10 },
  cost: { trainableParams: 1, totalParams: 1, latencyMs, flops: null, bytes: null },
});

describe('the leaderboard as a table', () => {
  const floor = (kind: Floor['kind'], accuracy: number): Floor => ({
    ...{ kind, backbone: null, tap: null },
    validation: { accuracy, interval: [accuracy, accuracy], count: 10 },
  });
  const failed = { ...trial({}, 0), state: 'failed' as const, validation: null };
  const rows = boardRows(
    [trial({}, 0.9), trial({}, 0.6), trial({}, 0.5), failed],
    [floor('random-weights', 0.6), floor('majority-class', 0.2)],
  );
  const named = (some: typeof rows) => some.map((row) => (row.kind === 'trial' ? row.place : row.floor.kind));

  it('puts the floor in its place, below its equals and above what was not scored; places are of trials', () => {
    expect(named(rows)).toEqual([1, 2, 'random-weights', 3, 'majority-class', 4]);
  });

  it('shows the first rows, and the floor in any case', () => {
    expect(named(firstRows(rows, 2))).toEqual([1, 2, 'random-weights', 'majority-class']);
  });
});

describe('the leaderboard as pictures', () => {
  it('reads depth from the number of a tap', () => {
    expect(['block-3', 'wide-12', 'block-2-cls', 'stem'].map(depthOf)).toEqual([3, 12, 2, 0]);
  });

  it('draws one line a backbone through the best trial of each depth, shallow first', () => {
    const lines = depthLines([
      trial({ tap: 'block-10' }, 0.8),
      trial({ tap: 'block-2' }, 0.5),
      trial({ tap: 'block-2', head: 'mlp' }, 0.6),
      trial({ backbone: 'b' }, 0.1),
    ]);
    expect(
      lines.map(({ backbone, points }) => [
        backbone,
        points.map(({ tap, validation }) => [tap, validation.accuracy]),
      ]),
    ).toEqual([
      [
        'a',
        [
          ['block-2', 0.6],
          ['block-10', 0.8],
        ],
      ],
      ['b', [['block-1', 0.1]]],
    ]);
  });

  it('leaves taps read side by side out of the lines, and names them shortly', () => {
    const joined = 'block-1+wide-2+block-10';
    const lines = depthLines([
      trial({ tap: joined }, 0.9),
      trial({ tap: 'block-10' }, 0.8),
      trial({ backbone: 'a+b', tap: 'a/block-1+b/block-2' }, 0.95),
      trial({ backbone: 'a@own-mirror', tap: 'block-10' }, 0.97),
    ]);
    expect(lines.map(({ backbone, points }) => [backbone, points.length])).toEqual([['a', 1]]);
    expect([joined, 'block-10'].map(shortTap)).toEqual(['block-1…block-10 (3)', 'block-10']);
    expect(['a+b', 'a', 'a@own-mirror'].map(firstMember)).toEqual(['a', 'a', 'a']);
    expect([joined, 'block-10', 'block-10-gem'].map(isPlainTap)).toEqual([false, true, false]);
  });

  it('compares heads by their best trial', () => {
    const best = bestOfHeads([trial({}, 0.5), trial({ head: 'mlp' }, 0.7), trial({}, 0.6)]);
    expect(best.map(({ head, validation }) => [head, validation.accuracy])).toEqual([
      ['mlp', 0.7],
      ['ridge', 0.6],
    ]);
  });

  it('takes trials for the same whatever the order of their settings', () => {
    const a = trial({ params: { depth: 1, width: 2 } }, 0.5);
    expect(sameTrial(a, trial({ params: { width: 2, depth: 1 } }, 0.9))).toBe(true);
    expect(sameTrial(a, trial({ params: { width: 3, depth: 1 } }, 0.5))).toBe(false);
  });

  it('keeps on the front exactly what no other trial beats', () => {
    const timed = fc.record({
      accuracy: fc.integer({ min: 0, max: 20 }),
      latency: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(fc.array(timed, { maxLength: 40 }), (points) => {
        const trials = points.map(({ accuracy, latency }) => trial({}, accuracy / 20, latency));
        const front = paretoFront(trials);
        const beats = (a: Scored, b: Scored): boolean => {
          const [fa, fb] = [a.cost.latencyMs ?? 0, b.cost.latencyMs ?? 0];
          const [va, vb] = [a.validation.accuracy, b.validation.accuracy];
          return fa <= fb && va >= vb && (fa < fb || va > vb);
        };
        for (const one of front) expect(trials.some((other) => beats(other, one))).toBe(false);
        for (const one of trials)
          expect(
            front.some(
              (other) =>
                !beats(one, other) &&
                (other.cost.latencyMs ?? 0) <= (one.cost.latencyMs ?? 0) &&
                other.validation.accuracy >= one.validation.accuracy,
            ),
          ).toBe(true);
      }),
    );
  });

  it('leaves trials that were not timed off the front', () => {
    expect(paretoFront([trial({}, 0.9, null)])).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import {
  halveBackbones,
  standingOf,
  takeRows,
  type Contender,
  type Judge,
  type Matrix,
} from '../../../../zoo/index.js';
import { balanced, syntheticFeatures } from './synthetic.js';

const ROWS = 600;
const CLASSES = 4;
const { labels, folds } = balanced(ROWS, CLASSES);

interface Seen {
  readonly contender: Contender;
  /** Rows of each look. */
  readonly looks: Int32Array[];
}

/** A backbone of two taps, the better of which tells the classes apart this well. */
function contender(backbone: string, signal: number, msAPicture = 10): Seen {
  const taps = [
    { backbone, id: 'shallow', signal: signal / 2 },
    { backbone, id: 'deep', signal },
  ];
  const matrices = syntheticFeatures(labels, taps, 1).map(({ matrix }) => matrix as Matrix);
  const looks: Int32Array[] = [];
  return {
    looks,
    contender: {
      backbone,
      look(rows) {
        looks.push(rows);
        return Promise.resolve({
          features: matrices.map((matrix) => takeRows(matrix, rows)),
          restMs: msAPicture * (ROWS - rows.length),
        });
      },
    },
  };
}

const field = (signals: Record<string, number>): Seen[] =>
  Object.entries(signals).map(([backbone, signal]) => contender(backbone, signal));

const halve = (
  seen: readonly Seen[],
  options: { keep?: number; leftMs?: () => number; labels?: Int32Array } = {},
  judge?: Judge,
) => {
  const contenders = seen.map((one) => one.contender);
  const data = { labels, folds, classes: CLASSES, ...options };
  const request = { contenders, keep: 2, leftMs: () => Infinity, seed: 1, ...data };
  return judge === undefined
    ? halveBackbones(request)
    : halveBackbones(request, { judge, standingOf: (one, sample) => standingOf(one, sample, data) });
};

describe('halveBackbones', () => {
  const signals = { noise: 0, poor: 1, good: 4, fair: 2, dull: 0.3, best: 6, empty: 0, slight: 0.6 };

  it('keeps the best, by halves, on samples that double', async () => {
    const seen = field(signals);
    const { kept, bestFirst, dropped } = await halve(seen);
    expect(kept).toEqual(['good', 'best']);
    expect(bestFirst).toEqual(['best', 'good']);
    expect(new Set(dropped.map(({ backbone }) => backbone))).toEqual(
      new Set(['noise', 'poor', 'fair', 'dull', 'empty', 'slight']),
    );
    expect(seen.map(({ looks }) => looks.length).sort()).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
    expect(seen[5]!.looks.map(({ length }) => length)).toEqual([48, 96]);
    expect(dropped[0]!.reason).toMatch(
      /best 4 of 8 backbones on 48 pictures \(\d+\.\d % by ridge.*LogME -?\d.*H-score \d/,
    );
  });

  it.each(['accuracy', 'log-loss', 'log-me', 'h-score', 'places'] as const)(
    'finds the best by %s',
    async (judge) => {
      expect((await halve(field(signals), {}, judge)).kept).toEqual(['good', 'best']);
    },
  );

  it('samples every class alike, the larger sample holding the smaller, and nothing of the test part', async () => {
    const [one] = field({ best: 6, a: 0, b: 0, c: 0, d: 0, e: 0 });
    await halve([one!, ...field({ a: 0, b: 0, c: 0, d: 0, e: 0 })]);
    const [first, second] = one!.looks as [Int32Array, Int32Array];
    for (const rows of [first, second]) {
      const counts = [0, 1, 2, 3].map((label) => rows.filter((row) => labels[row] === label).length);
      expect(new Set(counts).size).toBe(1);
      expect(rows.every((row) => folds[row]! >= 0)).toBe(true);
    }
    expect([...second.subarray(0, first.length)]).toEqual([...first]);
  });

  it('does not read the labels of test pictures', async () => {
    const lies = labels.map((label, row) => (folds[row]! < 0 ? (label + 1) % CLASSES : label));
    expect(await halve(field(signals), { labels: lies })).toEqual(await halve(field(signals)));
  });

  it('looks once and keeps all where there are few, unless they take too long', async () => {
    const three = (): Seen[] => [contender('fast', 2, 1), contender('slow', 4, 100), contender('weak', 0, 1)];
    expect(await halve(three(), { keep: 5 })).toEqual({
      kept: ['fast', 'slow', 'weak'],
      bestFirst: ['slow', 'fast', 'weak'],
      dropped: [],
    });
    const pressed = await halve(three(), { keep: 5, leftMs: () => 56_000 });
    expect(pressed.kept).toEqual(['fast', 'slow']);
    expect(pressed.dropped).toMatchObject([
      { backbone: 'weak', reason: expect.stringMatching(/about 0\.6 s.*time limit leaves 0\.2 s/) as string },
    ]);
    expect((await halve(three(), { keep: 5, leftMs: () => 1 })).kept).toEqual(['fast']);
  });

  it('keeps under a time limit what the cache has, however low it stands', async () => {
    const seen = [contender('known', 0, 0), contender('fair', 2, 1), contender('slow', 4, 100)];
    expect((await halve(seen, { keep: 5, leftMs: () => 1000 })).kept).toEqual(['known', 'fair']);
    expect((await halve(seen, { keep: 5, leftMs: () => 1 })).kept).toEqual(['known']);
  });

  it('looks at one in any case when the time is over, and says which it has not looked at', async () => {
    const seen = field(signals);
    const { kept, dropped } = await halve(seen, { leftMs: () => 0 });
    expect(kept).toEqual(['noise']);
    expect(seen.map(({ looks }) => looks.length)).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
    expect(dropped.map(({ backbone }) => backbone)).toEqual(Object.keys(signals).slice(1));
    for (const { reason } of dropped) expect(reason).toMatch(/no time to look at 48 pictures/);
  });

  it('chooses by the sample there was time for when there is none for a larger one', async () => {
    const seen = field(signals);
    const looked = (): number => seen.reduce((sum, { looks }) => sum + looks.length, 0);
    const { kept, dropped } = await halve(seen, { leftMs: () => (looked() < seen.length ? 1e9 : 0) });
    expect(looked()).toBe(seen.length);
    // None fits into what is left: of the two most accurate, equally fast, the better stays.
    expect(kept).toEqual(['best']);
    expect(dropped).toHaveLength(seen.length - 1);
  });
});

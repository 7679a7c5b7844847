import { describe, expect, it } from 'vitest';
import { worstMixUps } from '../../../web/src/lib/confusion';
import { aimOf, curveRows, type LearningCurve } from '../../../web/src/lib/curve';

const point = (perCategory: number, accuracy: number) => ({
  pictures: 2 * perCategory,
  perCategory,
  accuracy,
  deviation: 0.01,
  draws: 2,
});
const category = (
  name: string,
  pictures: number,
  more: number | null,
): LearningCurve['categories'][number] => ({
  category: name,
  pictures,
  recall: 0.5,
  verdict: more === null ? 'enough' : 'more-helps',
  more: more === null ? null : { pictures: more, interval: [1, null] },
  reason: null,
  text: '',
  backtest: null,
});
const curve = (over: Partial<LearningCurve>): LearningCurve => ({
  points: [],
  fit: null,
  forecast: [],
  doubling: null,
  verdict: 'enough',
  more: null,
  reason: null,
  text: '',
  backtest: null,
  categories: [],
  ...over,
});

describe('the learning curve as a picture', () => {
  it('puts what is measured and what is foretold for the same number into one row', () => {
    const rows = curveRows(
      curve({
        points: [point(20, 0.8), point(10, 0.7)],
        forecast: [
          { factor: 1, perCategory: 20, accuracy: 0.81, interval: [0.75, 0.85] },
          { factor: 2, perCategory: 40, accuracy: 0.86, interval: [0.8, 0.9] },
        ],
      }),
    );
    expect(rows).toEqual([
      { perCategory: 10, measured: 0.7, deviation: 0.01, foretold: null, band: null },
      { perCategory: 20, measured: 0.8, deviation: 0.01, foretold: 0.81, band: [0.75, 0.85] },
      { perCategory: 40, measured: null, deviation: null, foretold: 0.86, band: [0.8, 0.9] },
    ]);
  });

  it('aims at what the neediest category lacks on top of the fullest one, in tens; at nothing when more would not help', () => {
    const categories = [category('a', 30, 25), category('b', 41, null)];
    expect(aimOf(curve({ categories, more: { pictures: 12, interval: [1, 2] } }))).toBe(70);
    expect(aimOf(curve({ categories: [category('a', 30, null)] }))).toBeNull();
  });
});

describe('what is taken for what', () => {
  it('lists the most frequent mistakes first, each with how many there could have been', () => {
    const labels = ['a', 'b', 'c'];
    const counts = [
      [5, 2, 0],
      [3, 4, 1],
      [0, 0, 9],
    ];
    expect(worstMixUps({ labels, counts }, 2)).toEqual([
      { truth: 'b', predicted: 'a', count: 3, of: 8 },
      { truth: 'a', predicted: 'b', count: 2, of: 7 },
    ]);
    expect(worstMixUps({ labels, counts: counts.map((row) => row.map(() => 0)) }, 2)).toEqual([]);
  });
});

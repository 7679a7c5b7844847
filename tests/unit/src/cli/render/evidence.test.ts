import { describe, expect, test } from 'vitest';
import type { Report } from '../../../../../src/http/api.js';
import { renderLearningCurve } from '../../../../../src/cli/render/evidence.js';

type Curve = NonNullable<Report['learningCurve']>;
type Category = Curve['categories'][number];

const category = (name: string, facts: Partial<Category> = {}): Category => ({
  ...{
    category: name,
    pictures: 30,
    recall: 0.8,
    verdict: 'cannot-say',
    more: null,
    reason: 'why',
    text: '',
  },
  backtest: null,
  ...facts,
});
const needs = (name: string, pictures: number, high: number | null = 90): Category =>
  category(name, { verdict: 'more-helps', more: { pictures, interval: [5, high] }, reason: null });

const linesOf = (categories: Category[]): string[] =>
  renderLearningCurve({
    modality: 'image',
    learningCurve: {
      ...{ points: [], fit: null, forecast: [], doubling: null, backtest: null },
      ...{ verdict: 'cannot-say', more: null, reason: 'why', text: 'Nothing can be said.' },
      categories,
    },
  });
const cellsOf = (line: string | undefined): string[] | undefined => line?.trim().split(/ {2,}/);

describe('how much more data', () => {
  test('each category has its number or says that it has none, with the error of its backtest', () => {
    const lines = linesOf([
      category('plain', { verdict: 'enough' }),
      category('new', { recall: null }),
      {
        ...needs('costly', 45, null),
        backtest: { predicted: 0.79, interval: [0.7, 0.9], measured: 0.8, error: -0.01 },
      },
      needs('cheap', 9),
    ]);
    expect(lines[0]).toBe('More data: Nothing can be said.');
    expect(lines.slice(3).map(cellsOf)).toEqual([
      ['cheap', '30', '80.0 %', 'about 9 more (5 to 90)', '–'],
      ['costly', '30', '80.0 %', 'about 45 more (5 or more)', '−1.0 points'],
      ['new', '30', '–', 'cannot say yet', '–'],
      ['plain', '30', '80.0 %', 'more would hardly help', '–'],
    ]);
  });

  test('of many categories the twelve that gain most, and how many others there are', () => {
    const lines = linesOf(Array.from({ length: 15 }, (_, i) => needs(`category-${i}`, 100 - i)));
    expect(lines).toHaveLength(1 + 2 + 12 + 1);
    expect(cellsOf(lines[3])?.[0]).toBe('category-14');
    expect(lines.join('\n')).not.toContain('category-2 ');
    expect(lines.at(-1)).toBe('  and 3 more: in the dashboard and with --json');
  });

  test('a run of an older version has no curve and no lines', () => {
    expect(renderLearningCurve({ modality: 'image', learningCurve: null })).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { createRng, type Matrix, type Scores } from '../../../../../zoo/index.js';
import { dealFolds, heldOutScores, measureLeak } from '../../../../../src/dataset/curate/held-out.js';
import {
  classThresholds,
  confidentClasses,
  confidentJoint,
  findLabelDoubts,
} from '../../../../../src/dataset/curate/label-noise.js';
import { DEFAULT_CURATE } from '../../../../../src/dataset/curate/settings.js';

const COLS = 24;

/** Clouds around random centres; `spread` says how far they run into one another. */
function clouds(
  seed: string,
  classes: number,
  perClass: number,
  spread: number,
): { x: Matrix; y: Int32Array } {
  const rng = createRng(seed);
  const centres = Array.from({ length: classes }, () => Array.from({ length: COLS }, () => rng.normal()));
  const y = Int32Array.from({ length: classes * perClass }, (_, i) => i % classes);
  const data = new Float32Array(y.length * COLS);
  y.forEach((label, i) => {
    for (let d = 0; d < COLS; d++) data[i * COLS + d] = (centres[label]?.[d] ?? 0) + spread * rng.normal();
  });
  return { x: { rows: y.length, cols: COLS, data }, y };
}

function flip(y: Int32Array, classes: number, share: number): { labels: Int32Array; wrong: Set<number> } {
  const rng = createRng('flips');
  const wrong = new Set<number>();
  const labels = y.map((label, i) => {
    if (rng.next() >= share) return label;
    wrong.add(i);
    return (label + 1 + rng.int(classes - 1)) % classes;
  });
  return { labels, wrong };
}

const doubtsOf = (x: Matrix, labels: Int32Array, classes: number) =>
  findLabelDoubts(heldOutScores(x, labels, classes, dealFolds(labels)), labels, DEFAULT_CURATE);
const isSure = ({ suspicion }: { suspicion: number }): boolean => suspicion >= DEFAULT_CURATE.sureSuspicion;

describe('doubts about labels', () => {
  it.each([0.2, 0.35])('finds labels that were swapped at random: %s of them', (share) => {
    const { x, y } = clouds('clear', 5, 60, 0.7);
    const { labels, wrong } = flip(y, 5, share);
    const sure = doubtsOf(x, labels, 5).filter(isSure);
    const right = sure.filter(({ row }) => wrong.has(row));
    expect(right.length / wrong.size).toBeGreaterThan(0.5);
    expect(right.length / sure.length).toBeGreaterThan(0.95);
    for (const { row, suggestion, kind } of right)
      if (kind === 'likely-mislabelled') expect(suggestion).toBe(y[row]);
  });

  it('doubts a few wrong labels too, though so few are not sure', () => {
    const { x, y } = clouds('clear', 5, 60, 0.7);
    const { labels, wrong } = flip(y, 5, 0.03);
    const doubts = doubtsOf(x, labels, 5);
    expect(doubts.filter(({ row }) => wrong.has(row)).length).toBeGreaterThanOrEqual(0.8 * wrong.size);
  });

  it.each([0.5, 1.2, 2, 3, 5, 100])(
    'is sure of next to nothing when all labels are right, at spread %s',
    (spread) => {
      for (const perClass of [20, 60]) {
        let sure = 0;
        for (let set = 0; set < 8; set++) {
          const { x, y } = clouds(`clean-${spread}-${perClass}-${set}`, 5, perClass, spread);
          sure += doubtsOf(x, y, 5).filter(isSure).length / y.length / 8;
        }
        expect(sure).toBeLessThanOrEqual(0.01);
      }
    },
  );

  it('finds pictures of no category beside wrong labels, and drops little else', () => {
    const { x, y } = clouds('mixed', 6, 60, 0.8);
    const { labels, wrong } = flip(y, 6, 0.15);
    const rng = createRng('no category');
    const strange = rng
      .shuffle([...y.keys()])
      .filter((row) => !wrong.has(row))
      .slice(0, 40);
    for (const row of strange) for (let d = 0; d < COLS; d++) x.data[row * COLS + d] = 0.8 * rng.normal();
    const doubts = doubtsOf(x, labels, 6);
    const sure = new Set(doubts.filter(isSure).map(({ row }) => row));
    const hits = (rows: readonly number[], among: ReadonlySet<number>): number =>
      rows.filter((row) => among.has(row)).length / rows.length;
    expect(hits([...wrong], sure)).toBeGreaterThan(0.8);
    expect(hits(strange, sure)).toBeGreaterThan(0.2);
    expect(hits(strange, new Set(doubts.map(({ row }) => row)))).toBeGreaterThan(0.4);
    expect([...sure].filter((row) => !wrong.has(row) && !strange.includes(row)).length).toBeLessThanOrEqual(
      0.05 * sure.size,
    );
  });

  it('tells the surest first, and calls what is like no category an outlier', () => {
    const { x, y } = clouds('outliers', 4, 60, 0.6);
    const rng = createRng('strange');
    const strange = [3, 50, 120, 200];
    for (const row of strange) for (let d = 0; d < COLS; d++) x.data[row * COLS + d] = 0.8 * rng.normal();
    const doubts = doubtsOf(x, y, 4);
    expect(doubts.map(({ suspicion }) => suspicion)).toEqual(
      doubts.map(({ suspicion }) => suspicion).sort((a, b) => b - a),
    );
    const kinds = doubts.filter(({ row }) => strange.includes(row)).map(({ kind }) => kind);
    expect(kinds).toContain('outlier');
  });

  it('counts the confident joint as the paper has it', () => {
    const labels = [0, 0, 0, 1, 1];
    const data = Float64Array.of(0.9, 0.1, 0.8, 0.2, 0.2, 0.8, 0.1, 0.9, 0.6, 0.4);
    const probabilities: Scores = { rows: 5, classes: 2, data };
    const thresholds = classThresholds(probabilities, labels);
    expect(thresholds[0]).toBeCloseTo(1.9 / 3);
    expect(thresholds[1]).toBeCloseTo(1.3 / 2);
    const confident = confidentClasses(probabilities, thresholds);
    expect([...confident]).toEqual([0, 0, 1, 1, -1]);
    expect([...confidentJoint(labels, confident, 2)]).toEqual([2, 1, 0, 1]);
  });
});

describe('the leak delta', () => {
  it('is what copies in other folds give away, and near nothing without copies', () => {
    const { x, y } = clouds('leak', 4, 30, 4);
    const rng = createRng('copies');
    const rows = Array.from({ length: 3 * y.length }, (_, i) => i % y.length);
    const data = Float32Array.from(rows.flatMap((row) => [...x.data.subarray(row * COLS, (row + 1) * COLS)]));
    const copies: Matrix = { rows: rows.length, cols: COLS, data: data.map((v) => v + 0.01 * rng.normal()) };
    const labels = Int32Array.from(rows, (row) => y[row] as number);
    const leaking = measureLeak(copies, labels, 4, rows.map(String), 1);
    expect(leaking.copies).toBe(2 * y.length);
    expect(leaking.delta).toBeGreaterThan(0.05);
    expect(leaking.delta).toBeCloseTo(leaking.ungrouped - leaking.grouped);
    const none = measureLeak(x, y, 4, [...y.keys()].map(String), 1);
    expect(Math.abs(none.delta)).toBeLessThan(0.1);
  });
});

import type { FeatureSet, SearchRequest } from '../../../../zoo/search/types.js';
import { createRng } from '../../../../zoo/rng.js';
import type { Matrix } from '../../../../zoo/matrix.js';

export interface SyntheticTap {
  backbone?: string;
  id: string;
  /** Distance between class centres, in standard deviations of the noise, spread over all columns. */
  signal: number;
  cols?: number;
  flops?: number;
  params?: number;
}

/** Gaussian clouds around class centres, one feature set a tap; every tap has its own noise. */
export function syntheticFeatures(
  labels: Int32Array,
  taps: readonly SyntheticTap[],
  seed: number,
): FeatureSet[] {
  return taps.map(({ backbone = 'net', id, signal, cols = 24, flops = 100, params = 1000 }) => {
    const rng = createRng(`${seed}/${backbone}/${id}`);
    const centres = Array.from({ length: 16 * cols }, () => rng.normal());
    const data = new Float32Array(labels.length * cols);
    labels.forEach((label, i) => {
      for (let d = 0; d < cols; d++) {
        data[i * cols + d] = 5 + rng.normal() + (signal / Math.sqrt(2 * cols)) * centres[label * cols + d]!;
      }
    });
    return {
      backbone,
      tap: { id, flops, params, bytes: 4 * params },
      matrix: { rows: labels.length, cols, data },
    };
  });
}

/** Labels in turn, and folds 0..4 for four fifths of every class; -1, the test part, for the rest. */
export function balanced(rows: number, classes: number): { labels: Int32Array; folds: Int32Array } {
  const labels = Int32Array.from({ length: rows }, (_, i) => i % classes);
  const folds = labels.map((_, i) => {
    const turn = Math.floor(i / classes);
    return turn % 5 === 4 ? -1 : Math.floor(turn / 5 + turn) % 5;
  });
  return { labels, folds };
}

export function requestFor(
  taps: readonly SyntheticTap[],
  {
    rows = 120,
    classes = 3,
    seed = 1,
    ...rest
  }: { rows?: number; classes?: number; seed?: number } & Partial<SearchRequest> = {},
): SearchRequest {
  const { labels, folds } = balanced(rows, classes);
  const features = syntheticFeatures(labels, taps, seed);
  return { features, labels, folds, classes, seed, budgetMs: null, now: () => 0, ...rest };
}

/** A column a class, higher where it is the label's, in so much noise; further columns hold noise alone. */
export function labelsInNoise(labels: Int32Array, cols: number, noise: number, seed: string): Matrix {
  const rng = createRng(seed);
  const data = Float32Array.from({ length: labels.length * cols }, (_, at) => {
    const label = labels[Math.floor(at / cols)] as number;
    return (at % cols === label ? 2 : 0) + noise * rng.normal();
  });
  return { rows: labels.length, cols, data };
}

import { gramOfRows } from '../heads/ridge-system.js';
import { eigen, type Eigen } from '../linalg/index.js';
import type { Matrix } from '../matrix.js';

/** Features and labels as far as linear models in them are concerned. */
export interface LabelledSpectrum {
  /** Rows of the features. */
  readonly rows: number;
  /** Columns of the features. */
  readonly cols: number;
  /** Of `X X^T`; vectors are the labels, one-hot, a column a class. */
  readonly eigen: Eigen;
  /** Rows of each class. */
  readonly counts: Float64Array;
  /** Squared lengths of the rows. */
  readonly lengths: Float64Array;
}

/** @param x features as they are to be scored: centred, and scaled if scales should not matter */
export function labelledSpectrum(x: Matrix, y: Int32Array, classes: number): LabelledSpectrum {
  const { rows, cols } = x;
  const labels = new Float64Array(rows * classes);
  const counts = new Float64Array(classes);
  y.forEach((label, row) => {
    labels[row * classes + label] = 1;
    counts[label] = (counts[label] as number) + 1;
  });
  const gram = gramOfRows([x], x.rows);
  const lengths = Float64Array.from({ length: rows }, (_, row) => gram[row * rows + row] as number);
  return { rows, cols, eigen: eigen(gram, rows, labels, classes), counts, lengths };
}

/** Eigenvalues below this share of the largest come from rounding: products are summed in 32 bits. */
const NOTHING = 1e-6;

const MOST_ROUNDS = 100;
const SETTLED = 1e-6;

/** Largest evidence of one column of targets, over both precisions, by MacKay's fixed point; a row, in nats. */
function evidence({ values, projected }: Eigen, rows: number, classes: number, label: number): number {
  const z = values.map((_, i) => (projected[i * classes + label] as number) ** 2);
  let [alpha, beta, before] = [1, 1, 0];
  let [weight, residual] = [0, 0];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const t = alpha / beta;
    let known = 0;
    [weight, residual] = [0, 0];
    values.forEach((value, i) => {
      const sigma = Math.max(0, value);
      known += sigma / (sigma + t);
      weight += (sigma * (z[i] as number)) / (t + sigma) ** 2;
      residual += (z[i] as number) / (1 + sigma / t) ** 2;
    });
    [alpha, beta] = [known / (weight + 1e-12), (rows - known) / (residual + 1e-12)];
    if (Math.abs(alpha / beta - before) <= SETTLED * before) break;
    before = alpha / beta;
  }
  const spread = values.reduce((sum, value) => sum + Math.log1p((beta / alpha) * Math.max(0, value)), 0);
  const fit = rows * Math.log(beta / (2 * Math.PI)) - beta * residual - alpha * weight;
  return (fit - spread) / (2 * rows);
}

/**
 * LogME: the logarithm of the largest evidence of a linear model from features to one-hot labels, a row and a class (You, Liu, Wang
 * and Long, ICML 2021, equation 2). Higher is better.
 */
export function logMe({ eigen: spectrum, rows, counts }: LabelledSpectrum): number {
  const classes = counts.length;
  let sum = 0;
  for (let label = 0; label < classes; label++) sum += evidence(spectrum, rows, classes, label);
  return sum / classes;
}

/** How far a covariance estimate should be drawn to a multiple of the identity: 0..1 (Ledoit and Wolf, J. Multivariate Analysis 88, 2004). */
export function ledoitWolf({ eigen: { values }, rows, cols, lengths }: LabelledSpectrum): number {
  const trace = values.reduce((sum, value) => sum + value, 0) / rows;
  const square = values.reduce((sum, value) => sum + value * value, 0) / rows ** 2;
  const distance = square - trace ** 2 / cols;
  const noise = (lengths.reduce((sum, length) => sum + length * length, 0) / rows - square) / rows;
  return distance <= 0 ? 1 : Math.min(1, Math.max(0, noise / distance));
}

/**
 * H-score: the share of the features' covariance that lies between classes, `tr(cov(F)^-1 cov(E[F|Y]))` (Bao et al., ICIP 2019). With
 * fewer rows than columns the covariance has no inverse and the score says nothing, hence the shrinkage (Ibrahim, Ponomareva and
 * Mazumder, 2021). Between 0 and classes - 1; higher is better.
 *
 * @param spectrum of centred features
 * @param shrinkage 0: as it was first defined, with the pseudo-inverse
 */
export function hScore(spectrum: LabelledSpectrum, shrinkage: number = ledoitWolf(spectrum)): number {
  const {
    eigen: { values, projected },
    rows,
    cols,
    counts,
  } = spectrum;
  const classes = counts.length;
  const trace = values.reduce((sum, value) => sum + value, 0) / rows;
  const floor = (shrinkage * trace) / cols;
  const least = NOTHING * values.reduce((most, value) => Math.max(most, value), 0);
  let score = 0;
  values.forEach((value, i) => {
    if (value <= least) return;
    const variance = ((1 - shrinkage) * value) / rows;
    let between = 0;
    for (let c = 0; c < classes; c++)
      if (counts[c]) between += (projected[i * classes + c] as number) ** 2 / (counts[c] as number);
    score += (variance / (variance + floor)) * between;
  });
  return score;
}

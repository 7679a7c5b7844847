import type { Matrix } from '../matrix.js';

/**
 * Features brought to one scale before gradient descent: `(x - shift) * scale`, so that a row has squared length `cols` on average
 * whatever the width was before a rotation. Exact for the model: the inverse is folded into its first layer.
 */
export interface Scaled {
  x: Matrix;
  shift: Float64Array;
  scale: number;
}

export function columnMeans({ rows, cols, data }: Matrix): Float64Array {
  const mean = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    const at = i * cols;
    for (let d = 0; d < cols; d++) mean[d] = (mean[d] as number) + (data[at + d] as number);
  }
  return mean.map((sum) => sum / rows);
}

/** Subtracts `shift` from every row and multiplies by `factor`. */
export function shiftAndScale({ rows, cols, data }: Matrix, shift: Float64Array, factor: number): Matrix {
  const out = new Float32Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    const at = i * cols;
    for (let d = 0; d < cols; d++) out[at + d] = ((data[at + d] as number) - (shift[d] as number)) * factor;
  }
  return { rows, cols, data: out };
}

/** The rows of a matrix in another order, each less `shift`. */
export function shiftRows({ cols, data }: Matrix, order: ArrayLike<number>, shift: Float64Array): Matrix {
  const out = new Float32Array(order.length * cols);
  for (let i = 0; i < order.length; i++) {
    const from = (order[i] as number) * cols;
    const to = i * cols;
    for (let d = 0; d < cols; d++) out[to + d] = (data[from + d] as number) - (shift[d] as number);
  }
  return { rows: order.length, cols, data: out };
}

/** Centres the columns and sets the mean squared length of a row to `squaredLength`. */
export function toLength(x: Matrix, squaredLength: number): Scaled {
  const shift = columnMeans(x);
  const centred = shiftAndScale(x, shift, 1);
  let sum = 0;
  for (const value of centred.data) sum += value * value;
  const scale = sum > 0 ? Math.sqrt((squaredLength * x.rows) / sum) : 1;
  return { x: shiftAndScale(x, shift, scale), shift, scale };
}

/** First-layer weights [inputs, outputs] and bias for unscaled features, from those for scaled ones. */
export function unscale(
  { shift, scale }: Scaled,
  weights: ArrayLike<number>,
  bias: ArrayLike<number>,
): { weights: Float32Array; bias: Float32Array } {
  const outputs = bias.length;
  const plain = Float32Array.from(weights, (value) => value * scale);
  const moved = Float32Array.from(bias, (value, c) => {
    let sum = value;
    for (let d = 0; d < shift.length; d++)
      sum -= (shift[d] as number) * scale * (weights[d * outputs + c] as number);
    return sum;
  });
  return { weights: plain, bias: moved };
}

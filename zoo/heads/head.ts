import type { ZodType } from 'zod';
import type { Scores } from '../metrics/index.js';
import type { Matrix } from '../matrix.js';
import type { Rng } from '../rng.js';

/** Inputs and outputs of a dense layer. */
export interface LayerSize {
  readonly inputs: number;
  readonly outputs: number;
}

/** One dense layer: `activation(x W + b)`. */
export interface DenseLayer extends LayerSize {
  /** Row-major [inputs, outputs]. */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  readonly activation: 'relu' | 'none';
}

/** A trained head: layers applied in order to standardised features; the last one gives the logits. */
export interface FittedHead {
  readonly layers: readonly DenseLayer[];
}

/** Values of a head's settings, as they stand in the leaderboard. */
export type HeadParams = Record<string, number>;

/** What every fit is given. */
export interface FitData {
  /** Standardised features, one row a picture. */
  x: Matrix;
  /** Class of each row, 0..classes-1. */
  y: Int32Array;
  classes: number;
  rng: Rng;
  signal?: AbortSignal;
}

export interface FitRequest<P> extends FitData {
  params: P;
}

export interface GridRequest<P> extends FitData {
  grid: readonly P[];
}

/**
 * A kind of head. To add one: a file that exports a `Head`, and a line in `registry.ts`; the contract test does the rest.
 *
 * `fit` must be a function of its request alone (the same seed gives the same weights) and must stop with the signal's
 * reason when it is aborted.
 */
export interface Head<P extends HeadParams = HeadParams> {
  readonly id: string;
  readonly title: string;
  readonly params: ZodType<P>;
  /** Settings worth trying, cheapest first. */
  readonly grid: readonly P[];
  /** Further settings, for whoever gives the search time or trials: they seldom gain anything. */
  readonly further?: readonly P[];
  /** Sizes of its dense layers, from the features to the logits. */
  sizes(inputs: number, classes: number, params: P): LayerSize[];
  fit(request: FitRequest<P>): Promise<FittedHead>;
  /** Fits several settings on the same rows where that is cheaper than one after the other; results in the order of `grid`. */
  fitGrid?(request: GridRequest<P>): Promise<FittedHead[]>;
}

/** Trainable weights: (inputs + 1) * outputs summed over the layers. */
export const paramsOf = (sizes: readonly LayerSize[]): number =>
  sizes.reduce((sum, { inputs, outputs }) => sum + (inputs + 1) * outputs, 0);

/** Multiplications and additions a picture, each counted as one, as `nodeFlops` counts them for a backbone. */
export const flopsOf = (sizes: readonly LayerSize[]): number =>
  sizes.reduce((sum, { inputs, outputs }) => sum + 2 * inputs * outputs, 0);

/** Fits every setting of `grid`, in one go if the head knows how. */
export async function fitGrid<P extends HeadParams>(
  head: Head<P>,
  request: GridRequest<P>,
): Promise<FittedHead[]> {
  if (head.fitGrid !== undefined) return head.fitGrid(request);
  const fitted: FittedHead[] = [];
  for (const params of request.grid) fitted.push(await head.fit({ ...request, params }));
  return fitted;
}

function applyLayer(layer: DenseLayer, rows: number, input: ArrayLike<number>): Float64Array {
  const { inputs, outputs, weights, bias } = layer;
  const out = new Float64Array(rows * outputs);
  for (let i = 0; i < rows; i++) {
    const target = out.subarray(i * outputs, (i + 1) * outputs);
    target.set(bias);
    for (let d = 0; d < inputs; d++) {
      const value = input[i * inputs + d] as number;
      if (value === 0) continue;
      for (let c = 0; c < outputs; c++) {
        target[c] = (target[c] as number) + value * (weights[d * outputs + c] as number);
      }
    }
    if (layer.activation === 'relu')
      for (let c = 0; c < outputs; c++) target[c] = Math.max(0, target[c] as number);
  }
  return out;
}

/** Logits of a head for standardised features. Shape [x.rows, classes]. */
export function applyHead(head: FittedHead, x: Matrix): Scores {
  let data: ArrayLike<number> = x.data;
  let width = x.cols;
  for (const layer of head.layers) {
    if (layer.inputs !== width)
      throw new RangeError(`The head takes ${layer.inputs} features, not ${width}.`);
    data = applyLayer(layer, x.rows, data);
    width = layer.outputs;
  }
  return { rows: x.rows, classes: width, data: Float64Array.from(data) };
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { startTensors, type Tensor2D, type TensorLibrary } from '../runtimes/tfjs.js';
import { toLength, unscale, type Scaled } from './centre.js';
import type { FittedHead, GridRequest, Head } from './head.js';
import { lbfgs, type Evaluation } from './lbfgs.js';

const logisticParams = z.object({
  /** Penalty on half the squared weights, for mean cross-entropy on rows of squared length 1. */
  strength: z.number().positive(),
});
type LogisticParams = z.infer<typeof logisticParams>;

/** A tighter tolerance doubles the time and moves held-out accuracy by less than its noise (measured on three photo sets). */
const options = { maxIterations: 200, tolerance: 3e-4 };
const TURN_EVERY = 20;

/** The two products of a linear model, on TensorFlow.js. */
interface LinearProgram {
  /** `x w`, [rows, cols] */
  forward(weights: Float32Array, cols: number): Float32Array;
  /** `x^T r`, [features, cols] */
  backward(residual: Float32Array, cols: number): Float32Array;
  dispose(): void;
}

function linearProgram(tf: TensorLibrary, { rows, cols, data }: Scaled['x']): LinearProgram {
  const x = tf.tensor2d(data, [rows, cols]);
  // Kept transposed: the wasm backend is several times slower when a product has to transpose.
  const transposed = tf.tidy(() => tf.transpose<Tensor2D>(x));
  // The numbers leave by a variable: `tidy` walks whatever it is given back, element by element, in search of tensors.
  const product = (left: Tensor2D, right: Float32Array, inner: number, width: number): Float32Array => {
    let out = new Float32Array();
    tf.tidy(
      () =>
        void (out = new Float32Array(
          tf.matMul(left, tf.tensor2d(right, [inner, width])).dataSync<'float32'>(),
        )),
    );
    return out;
  };
  return {
    forward: (weights, width) => product(x, weights, cols, width),
    backward: (residual, width) => product(transposed, residual, rows, width),
    dispose: () => tf.dispose([x, transposed]),
  };
}

/** Weights of one problem: [features, classes] row-major, then the bias of each class. */
type Point = Float64Array;

interface Problem {
  strength: number;
  steps: Generator<Point, Point, Evaluation>;
  point: Point;
  done: boolean;
}

interface Context {
  program: LinearProgram;
  features: number;
  classes: number;
  y: Int32Array;
}

/** Puts the weights of the problems side by side: [features, problems * classes]. */
function pack(points: readonly Point[], features: number, classes: number): Float32Array {
  const width = points.length * classes;
  const out = new Float32Array(features * width);
  points.forEach((point, p) => {
    for (let d = 0; d < features; d++) {
      for (let c = 0; c < classes; c++) out[d * width + p * classes + c] = point[d * classes + c] as number;
    }
  });
  return out;
}

/** Turns one row's logits into `(softmax - one-hot) / n` in place and returns its cross-entropy. */
function residualOfRow(row: Float32Array, bias: Float64Array, label: number, rows: number): number {
  for (let c = 0; c < row.length; c++) row[c] = (row[c] as number) + (bias[c] as number);
  const greatest = Math.max(...row);
  const own = (row[label] as number) - greatest;
  let sum = 0;
  for (let c = 0; c < row.length; c++) {
    row[c] = Math.exp((row[c] as number) - greatest);
    sum += row[c] as number;
  }
  for (let c = 0; c < row.length; c++) row[c] = ((row[c] as number) / sum - (c === label ? 1 : 0)) / rows;
  return Math.log(sum) - own;
}

/** Cross-entropy and residuals of every problem; `logits` is overwritten with the residuals. */
function losses(context: Context, points: readonly Point[], logits: Float32Array): number[] {
  const { y, classes, features } = context;
  return points.map((point, p) => {
    const bias = point.subarray(features * classes);
    let total = 0;
    for (let i = 0; i < y.length; i++) {
      const at = (i * points.length + p) * classes;
      total += residualOfRow(logits.subarray(at, at + classes), bias, y[i] as number, y.length);
    }
    return total / y.length;
  });
}

function gradientOf(
  context: Context,
  p: number,
  count: number,
  residual: Float32Array,
  product: Float32Array,
): Float64Array {
  const { y, classes, features } = context;
  const out = new Float64Array((features + 1) * classes);
  for (let c = 0; c < classes; c++) {
    for (let d = 0; d < features; d++)
      out[d * classes + c] = product[(d * count + p) * classes + c] as number;
    let sum = 0;
    for (let i = 0; i < y.length; i++) sum += residual[(i * count + p) * classes + c] as number;
    out[features * classes + c] = sum;
  }
  return out;
}

/** Value and gradient of every problem at its own point, from two products for all of them. */
function evaluate(context: Context, problems: readonly Problem[]): Evaluation[] {
  const { program, features, classes } = context;
  const points = problems.map(({ point }) => point);
  const width = points.length * classes;
  const logits = program.forward(pack(points, features, classes), width);
  const crossEntropy = losses(context, points, logits);
  const product = program.backward(logits, width);
  return problems.map(({ point, strength }, p) => {
    const gradient = gradientOf(context, p, points.length, logits, product);
    let squares = 0;
    for (let i = 0; i < features * classes; i++) {
      squares += (point[i] as number) ** 2;
      gradient[i] = (gradient[i] as number) + strength * (point[i] as number);
    }
    return { value: (crossEntropy[p] as number) + (strength / 2) * squares, gradient };
  });
}

function openProblem(strength: number, { features, classes }: Context): Problem {
  const start = new Float64Array((features + 1) * classes);
  const steps = lbfgs(start, options);
  steps.next();
  return { strength, steps, point: start, done: false };
}

function advance(problem: Problem, evaluation: Evaluation): void {
  const { value, done } = problem.steps.next(evaluation);
  problem.point = value;
  problem.done = done === true;
}

async function minimise(
  context: Context,
  grid: readonly LogisticParams[],
  signal?: AbortSignal,
): Promise<Point[]> {
  const problems = grid.map(({ strength }) => openProblem(strength, context));
  for (let turn = 1; ; turn++) {
    signal?.throwIfAborted();
    const open = problems.filter(({ done }) => !done);
    if (open.length === 0) return problems.map(({ point }) => point);
    evaluate(context, open).forEach((evaluation, index) => advance(open[index] as Problem, evaluation));
    if (turn % TURN_EVERY === 0) await nextTurn();
  }
}

function toHead(scaled: Scaled, point: Point, features: number, classes: number): FittedHead {
  const plain = unscale(scaled, point.subarray(0, features * classes), point.subarray(features * classes));
  return { layers: [{ ...plain, inputs: features, outputs: classes, activation: 'none' }] };
}

async function fitStrengths({
  x,
  y,
  classes,
  grid,
  signal,
}: GridRequest<LogisticParams>): Promise<FittedHead[]> {
  const { tf } = await startTensors();
  const scaled = toLength(x, 1);
  const program = linearProgram(tf, scaled.x);
  try {
    const context = { program, features: x.cols, classes, y };
    const points = await minimise(context, grid, signal);
    return points.map((point) => toHead(scaled, point, x.cols, classes));
  } finally {
    program.dispose();
  }
}

/**
 * Multinomial logistic regression with an L2 penalty (Bishop, PRML, 4.3.4). The objective is convex, so full-batch L-BFGS finds the one
 * optimum whatever the seed; several strengths are trained side by side in one program.
 */
export const logistic: Head<LogisticParams> = {
  id: 'logistic',
  title: 'Multinomial logistic regression',
  params: logisticParams,
  grid: [0.00003, 0.0003].map((strength) => ({ strength })),
  further: [0.003, 0.03].map((strength) => ({ strength })),
  sizes: (inputs, classes) => [{ inputs, outputs: classes }],
  fit: async (request) => (await fitStrengths({ ...request, grid: [request.params] }))[0] as FittedHead,
  fitGrid: fitStrengths,
};

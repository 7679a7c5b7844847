import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import type { Rng } from '../rng.js';
import { startTensors, type Tensor2D, type TensorLibrary } from '../runtimes/tfjs.js';
import { adam } from './adam.js';
import { toLength, unscale, type Scaled } from './centre.js';
import { denseParams, type FitRequest, type FittedHead, type Head } from './head.js';
import { oneHot } from './ridge-cross-validation.js';

const mlpParams = z.object({
  /** Units of the hidden layer. */
  hidden: z.int().positive(),
  /** Share of hidden units switched off at a step. */
  dropout: z.number().min(0).max(0.9),
  /** Share of a weight taken away at a step of learning rate 1, apart from the gradient. */
  weightDecay: z.number().min(0),
  /** Full-batch steps. */
  steps: z.int().positive(),
});
type MlpParams = z.infer<typeof mlpParams>;

const LEARNING_RATE = 0.012;
const TURN_EVERY = 10;

/** Weights and biases of both layers, row-major. */
interface Weights {
  first: Float32Array;
  firstBias: Float32Array;
  second: Float32Array;
  secondBias: Float32Array;
}
const parts = ['first', 'firstBias', 'second', 'secondBias'] as const;

interface Shape {
  features: number;
  hidden: number;
  classes: number;
}

interface Program {
  gradient(weights: Weights, mask: Float32Array): Weights;
  dispose(): void;
}

/** Tensors that live as long as the program. */
interface Fixed {
  x: Tensor2D;
  /** x transposed */
  xT: Tensor2D;
  /** One-hot labels. */
  y: Tensor2D;
}

/** He et al., ICCV 2015: variance 2 / inputs in front of a relu. */
function initialWeights({ features, hidden, classes }: Shape, rng: Rng): Weights {
  const normal = (count: number, variance: number): Float32Array =>
    Float32Array.from({ length: count }, () => rng.normal() * Math.sqrt(variance));
  return {
    first: normal(features * hidden, 2 / features),
    firstBias: new Float32Array(hidden),
    second: normal(hidden * classes, 1 / hidden),
    secondBias: new Float32Array(classes),
  };
}

/** 0 or 1 / (1 - dropout) for every row and hidden unit. */
function dropoutMask(rows: number, { hidden, dropout }: MlpParams, rng: Rng): Float32Array {
  const kept = 1 / (1 - dropout);
  const mask = new Float32Array(rows * hidden);
  for (let i = 0; i < mask.length; i++) mask[i] = rng.next() < dropout ? 0 : kept;
  return mask;
}

function gradientTensors(tf: TensorLibrary, { x, xT, y }: Fixed, w: Weights, mask: Tensor2D, shape: Shape) {
  const { features, hidden, classes } = shape;
  const second = tf.tensor2d(w.second, [hidden, classes]);
  const active = tf.relu(
    tf.add(tf.matMul(x, tf.tensor2d(w.first, [features, hidden])), tf.tensor1d(w.firstBias)),
  );
  const out = tf.mul<Tensor2D>(active, mask);
  const logits = tf.add(tf.matMul(out, second), tf.tensor1d(w.secondBias));
  const residual = tf.div<Tensor2D>(tf.sub(tf.softmax(logits), y), x.shape[0]);
  const back = tf.mul<Tensor2D>(tf.matMul(residual, tf.transpose(second)), tf.mul(mask, tf.step(active)));
  return {
    first: tf.matMul(xT, back),
    firstBias: tf.sum(back, 0),
    second: tf.matMul(tf.transpose(out), residual),
    secondBias: tf.sum(residual, 0),
  };
}

/** Gradient of the mean cross-entropy, written out: explicit transposes keep the wasm backend on its fast product. */
function openProgram(tf: TensorLibrary, data: Scaled['x'], labels: Int32Array, shape: Shape): Program {
  const x = tf.tensor2d(data.data, [data.rows, data.cols]);
  const xT = tf.tidy(() => tf.transpose<Tensor2D>(x));
  const y = tf.tensor2d(Float32Array.from(oneHot(labels, shape.classes)), [data.rows, shape.classes]);
  return {
    gradient: (weights, mask) => {
      let out = weights;
      // The numbers leave by a variable: `tidy` walks whatever it is given back, element by element, in search of tensors.
      tf.tidy(() => {
        const switches = tf.tensor2d(mask, [data.rows, shape.hidden]);
        const tensors = gradientTensors(tf, { x, xT, y }, weights, switches, shape);
        const read = (part: (typeof parts)[number]): Float32Array =>
          new Float32Array(tensors[part].dataSync());
        out = {
          first: read('first'),
          firstBias: read('firstBias'),
          second: read('second'),
          secondBias: read('secondBias'),
        };
      });
      return out;
    },
    dispose: () => tf.dispose([x, xT, y]),
  };
}

async function train(
  program: Program,
  rows: number,
  shape: Shape,
  request: FitRequest<MlpParams>,
): Promise<Weights> {
  const { params, rng, signal } = request;
  const weights = initialWeights(shape, rng.fork('weights'));
  const drops = rng.fork('dropout');
  const optimisers = parts.map((part) => adam(weights[part], part.endsWith('Bias') ? 0 : params.weightDecay));
  for (let step = 1; step <= params.steps; step++) {
    signal?.throwIfAborted();
    // Half a cosine from the full rate to nothing (Loshchilov and Hutter, ICLR 2017).
    const rate = (LEARNING_RATE * (1 + Math.cos((Math.PI * (step - 1)) / params.steps))) / 2;
    const gradient = program.gradient(weights, dropoutMask(rows, params, drops));
    parts.forEach((part, index) => optimisers[index]?.(gradient[part], rate));
    if (step % TURN_EVERY === 0) await nextTurn();
  }
  return weights;
}

async function fit(request: FitRequest<MlpParams>): Promise<FittedHead> {
  const { x, y, classes, params } = request;
  const { tf } = await startTensors();
  const scaled = toLength(x, x.cols);
  const shape = { features: x.cols, hidden: params.hidden, classes };
  const program = openProgram(tf, scaled.x, y, shape);
  try {
    const weights = await train(program, x.rows, shape, request);
    const first = unscale(scaled, weights.first, weights.firstBias);
    return {
      layers: [
        { ...first, inputs: x.cols, outputs: params.hidden, activation: 'relu' },
        {
          weights: weights.second,
          bias: weights.secondBias,
          inputs: params.hidden,
          outputs: classes,
          activation: 'none',
        },
      ],
    };
  } finally {
    program.dispose();
  }
}

/** One hidden relu layer with dropout, trained full-batch by AdamW; the number of steps is the early stop. */
export const mlp: Head<MlpParams> = {
  id: 'mlp',
  title: 'Multilayer perceptron, one hidden layer',
  params: mlpParams,
  grid: [{ hidden: 64, dropout: 0.3, weightDecay: 0.3, steps: 40 }],
  countParams: (inputs, classes, { hidden }) => denseParams(inputs, hidden) + denseParams(hidden, classes),
  fit,
};

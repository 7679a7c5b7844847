import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import type { Matrix } from '../matrix.js';
import type { Rng } from '../rng.js';
import { startTensors, type Tensor, type Tensor2D, type TensorLibrary } from '../runtimes/tfjs.js';
import { adam } from './adam.js';
import { toLength, unscale, type Scaled } from './centre.js';
import type { FitRequest, FittedHead, Head, LayerSize } from './head.js';
import { oneHot } from './ridge-cross-validation.js';

const mlpParams = z.object({
  /** Units of each hidden layer. */
  hidden: z.int().positive(),
  /** Hidden layers. */
  layers: z.int().min(1).max(3),
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

/** Weights of one layer, row-major [inputs, outputs], and its bias. */
interface Layer {
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** Width of the features, of each hidden layer, and of the logits. */
type Widths = readonly number[];

const widthsOf = (features: number, classes: number, { hidden, layers }: MlpParams): Widths => [
  features,
  ...Array.from({ length: layers }, () => hidden),
  classes,
];

/** Inputs and outputs of each layer. */
const sizesOf = (widths: Widths): LayerSize[] =>
  widths.slice(1).map((outputs, at) => ({ inputs: widths[at] as number, outputs }));

interface Program {
  /** @param masks one a hidden layer */
  gradient(layers: readonly Layer[], masks: readonly Float32Array[]): Layer[];
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

/**
 * Random layers, without weights for columns that are zero in every row: training would never move those, and a picture in which such a
 * column is not zero would be judged by chance.
 */
function initialLayers(widths: Widths, { rows, cols, data }: Matrix, rng: Rng): Layer[] {
  const layers = randomLayers(widths, rng);
  const { weights } = layers[0] as Layer;
  const units = weights.length / cols;
  for (let col = 0; col < cols; col++) {
    let alive = false;
    for (let row = 0; row < rows && !alive; row++) alive = data[row * cols + col] !== 0;
    if (!alive) weights.fill(0, col * units, (col + 1) * units);
  }
  return layers;
}

/** He et al., ICCV 2015: variance 2 / inputs in front of a relu. */
function randomLayers(widths: Widths, rng: Rng): Layer[] {
  const sizes = sizesOf(widths);
  return sizes.map(({ inputs, outputs }, at) => {
    const deviation = Math.sqrt((at === sizes.length - 1 ? 1 : 2) / inputs);
    const weights = Float32Array.from({ length: inputs * outputs }, () => rng.normal() * deviation);
    return { weights, bias: new Float32Array(outputs) };
  });
}

/** 0 or 1 / (1 - dropout) for every row and hidden unit. */
function dropoutMask(rows: number, { hidden, dropout }: MlpParams, rng: Rng): Float32Array {
  const kept = 1 / (1 - dropout);
  const mask = new Float32Array(rows * hidden);
  for (let i = 0; i < mask.length; i++) mask[i] = rng.next() < dropout ? 0 : kept;
  return mask;
}

interface LayerTensors {
  readonly weights: Tensor2D;
  readonly bias: Tensor;
}

/** What a layer was given, and what its relu and its dropout let through of the way back; the last layer has neither. */
interface Passed {
  readonly input: Tensor2D;
  readonly gate: Tensor2D | null;
}

/** Logits, and what the way back needs of each layer. */
function forward(
  tf: TensorLibrary,
  x: Tensor2D,
  layers: readonly LayerTensors[],
  masks: readonly Tensor2D[],
): { logits: Tensor2D; passed: Passed[] } {
  const passed: Passed[] = [];
  let input = x;
  layers.forEach(({ weights, bias }, at) => {
    const sum = tf.add<Tensor2D>(tf.matMul(input, weights), bias);
    const mask = masks[at];
    if (mask === undefined) {
      passed.push({ input, gate: null });
      input = sum;
      return;
    }
    const active = tf.relu(sum);
    passed.push({ input, gate: tf.mul<Tensor2D>(mask, tf.step(active)) });
    input = tf.mul(active, mask);
  });
  return { logits: input, passed };
}

function gradientTensors(
  tf: TensorLibrary,
  { x, xT, y }: Fixed,
  layers: readonly LayerTensors[],
  masks: readonly Tensor2D[],
): LayerTensors[] {
  const { logits, passed } = forward(tf, x, layers, masks);
  let residual = tf.div<Tensor2D>(tf.sub(tf.softmax(logits), y), x.shape[0]);
  const gradients: LayerTensors[] = [];
  for (let at = layers.length - 1; at >= 0; at--) {
    const { input } = passed[at] as Passed;
    const turned = at === 0 ? xT : tf.transpose<Tensor2D>(input);
    gradients.unshift({ weights: tf.matMul(turned, residual), bias: tf.sum(residual, 0) });
    const gate = passed[at - 1]?.gate;
    if (gate)
      residual = tf.mul(tf.matMul(residual, tf.transpose((layers[at] as LayerTensors).weights)), gate);
  }
  return gradients;
}

/** Gradient of the mean cross-entropy, written out: explicit transposes keep the wasm backend on its fast product. */
function openProgram(tf: TensorLibrary, data: Scaled['x'], labels: Int32Array, widths: Widths): Program {
  const sizes = sizesOf(widths);
  const x = tf.tensor2d(data.data, [data.rows, data.cols]);
  const xT = tf.tidy(() => tf.transpose<Tensor2D>(x));
  const classes = widths.at(-1) as number;
  const y = tf.tensor2d(Float32Array.from(oneHot(labels, classes)), [data.rows, classes]);
  const load = ({ weights, bias }: Layer, at: number): LayerTensors => {
    const { inputs, outputs } = sizes[at] as (typeof sizes)[number];
    return { weights: tf.tensor2d(weights, [inputs, outputs]), bias: tf.tensor1d(bias) };
  };
  const read = (tensor: Tensor): Float32Array => new Float32Array(tensor.dataSync());
  return {
    gradient: (layers, masks) => {
      let out: Layer[] = [];
      // The numbers leave by a variable: `tidy` walks whatever it is given back, element by element, in search of tensors.
      tf.tidy(() => {
        const switches = masks.map((mask) => tf.tensor2d(mask, [data.rows, mask.length / data.rows]));
        const tensors = gradientTensors(tf, { x, xT, y }, layers.map(load), switches);
        out = tensors.map(({ weights, bias }) => ({ weights: read(weights), bias: read(bias) }));
      });
      return out;
    },
    dispose: () => tf.dispose([x, xT, y]),
  };
}

async function train(
  program: Program,
  x: Matrix,
  widths: Widths,
  request: FitRequest<MlpParams>,
): Promise<Layer[]> {
  const { params, rng, signal } = request;
  const layers = initialLayers(widths, x, rng.fork('weights'));
  const drops = rng.fork('dropout');
  const optimisers = layers.map(({ weights, bias }) => ({
    weights: adam(weights, params.weightDecay),
    bias: adam(bias, 0),
  }));
  for (let step = 1; step <= params.steps; step++) {
    signal?.throwIfAborted();
    // Half a cosine from the full rate to nothing (Loshchilov and Hutter, ICLR 2017).
    const rate = (LEARNING_RATE * (1 + Math.cos((Math.PI * (step - 1)) / params.steps))) / 2;
    const masks = Array.from({ length: params.layers }, () => dropoutMask(x.rows, params, drops));
    program.gradient(layers, masks).forEach((gradient, at) => {
      optimisers[at]?.weights(gradient.weights, rate);
      optimisers[at]?.bias(gradient.bias, rate);
    });
    if (step % TURN_EVERY === 0) await nextTurn();
  }
  return layers;
}

async function fit(request: FitRequest<MlpParams>): Promise<FittedHead> {
  const { x, y, classes, params } = request;
  const { tf } = await startTensors();
  const scaled = toLength(x, x.cols);
  const widths = widthsOf(x.cols, classes, params);
  const sizes = sizesOf(widths);
  const program = openProgram(tf, scaled.x, y, widths);
  try {
    const layers = await train(program, scaled.x, widths, request);
    return {
      layers: layers.map(({ weights, bias }, at) => ({
        ...(sizes[at] as (typeof sizes)[number]),
        ...(at === 0 ? unscale(scaled, weights, bias) : { weights, bias }),
        activation: at < params.layers ? 'relu' : 'none',
      })),
    };
  } finally {
    program.dispose();
  }
}

const USUAL: MlpParams = { hidden: 64, layers: 1, dropout: 0.3, weightDecay: 0.3, steps: 40 };

/** Hidden relu layers with dropout, trained full-batch by AdamW; the number of steps is the early stop. */
export const mlp: Head<MlpParams> = {
  id: 'mlp',
  title: 'Multilayer perceptron',
  params: mlpParams,
  grid: [USUAL, { ...USUAL, layers: 2 }],
  further: [
    { ...USUAL, hidden: 16 },
    { ...USUAL, hidden: 256 },
    { ...USUAL, dropout: 0 },
    { ...USUAL, dropout: 0.6 },
    { ...USUAL, weightDecay: 0.03 },
    { ...USUAL, weightDecay: 3 },
  ],
  sizes: (inputs, classes, params) => sizesOf(widthsOf(inputs, classes, params)),
  fit,
};

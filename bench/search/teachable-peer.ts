import * as layers from '@tensorflow/tfjs-layers';
import { performance } from 'node:perf_hooks';
import { startTensors, takeRows, type FeatureSet, type Matrix } from '../../zoo/index.js';
import type { Round } from './rounds.js';

/** Defaults of Teachable Machine's image trainer. */
const UNITS = 100;
const EPOCHS = 50;
const BATCH = 16;
const RATE = 0.001;

export interface PeerScore {
  readonly accuracy: number;
  readonly trainMs: number;
}

function build(tf: Awaited<ReturnType<typeof startTensors>>['tf'], inputs: number, classes: number) {
  const model = layers.sequential({
    layers: [
      layers.layers.dense({
        inputShape: [inputs],
        units: UNITS,
        activation: 'relu',
        kernelInitializer: layers.initializers.varianceScaling({}),
      }),
      layers.layers.dense({
        units: classes,
        activation: 'softmax',
        useBias: false,
        kernelInitializer: layers.initializers.varianceScaling({}),
      }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(RATE), loss: 'categoricalCrossentropy' });
  return model;
}

function oneHot(labels: Int32Array, classes: number): Float32Array {
  const out = new Float32Array(labels.length * classes);
  labels.forEach((label, row) => (out[row * classes + label] = 1));
  return out;
}

/**
 * Trains as Teachable Machine does, on the last features of a MobileNet: a dense layer of 100 rectified units and a softmax, its
 * defaults, TensorFlow.js on the backend that Graft uses. Unlike it, on all pictures, none set aside.
 */
export async function trainTeachable(set: FeatureSet, round: Round, classes: number): Promise<PeerScore> {
  const { tf } = await startTensors();
  const matrix = typeof set.matrix === 'function' ? await set.matrix() : set.matrix;
  const pick = (wanted: boolean): Int32Array =>
    Int32Array.from(round.rows.keys()).filter((row) => (round.folds[row] as number) >= 0 === wanted);
  const [train, test] = [pick(true), pick(false)];
  const tensor = (rows: Int32Array) => {
    const { data, cols }: Matrix = takeRows(matrix, rows);
    return tf.tensor2d(data, [rows.length, cols]);
  };
  const started = performance.now();
  const model = build(tf, matrix.cols, classes);
  const labels = train.map((row) => round.labels[row] as number);
  const [x, y] = [tensor(train), tf.tensor2d(oneHot(labels, classes), [train.length, classes])];
  await model.fit(x, y, { epochs: EPOCHS, batchSize: BATCH, verbose: 0, yieldEvery: 'never' });
  const trainMs = performance.now() - started;
  const held = tensor(test);
  const output = model.predict(held) as typeof held;
  const answers = tf.argMax(output, 1).dataSync();
  tf.dispose([x, y, held, output]);
  model.dispose();
  const right = [...test].filter((row, i) => answers[i] === round.labels[row]).length;
  return { accuracy: right / test.length, trainMs };
}

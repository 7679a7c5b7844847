import { beforeAll, describe, expect, it } from 'vitest';
import { convertLayersModel } from '../../../../zoo/graph/convert/convert-layers-model.js';
import { writeModel } from '../../../../zoo/graph/model-file.js';
import { createRng, GraphError, openSession, UnsupportedLayerError } from '../../../../zoo/index.js';
import { artifactsOf, compareLayers, difference, tf, tfl, useBackend } from './tfjs-reference.js';

const { layers } = tfl;
const SIDE = 13;

beforeAll(() => useBackend('cpu'));

/** Random weights for everything, normalisation statistics included: the defaults of zeros and ones would hide mistakes. */
function randomise(model: tfl.LayersModel): tfl.LayersModel {
  const rng = createRng('weights');
  const values = model.getWeights().map((weight) => {
    const data = Float32Array.from({ length: weight.size }, () => 0.1 + rng.next() * 0.4);
    return tf.tensor(data, weight.shape);
  });
  model.setWeights(values);
  return model;
}

type Make = (input: tfl.SymbolicTensor) => tfl.SymbolicTensor;

const apply = (layer: tfl.layers.Layer, ...inputs: tfl.SymbolicTensor[]): tfl.SymbolicTensor =>
  layer.apply(inputs.length === 1 ? (inputs[0] as tfl.SymbolicTensor) : inputs) as tfl.SymbolicTensor;

function build(make: Make, side = SIDE, channels = 4): tfl.LayersModel {
  const input = tfl.input({ shape: [side, side, channels] });
  return randomise(tfl.model({ inputs: input, outputs: make(input) }));
}

async function worstDifference(model: tfl.LayersModel): Promise<number> {
  const { json, shards } = await artifactsOf(model);
  const last = model.layers.at(-1)?.name ?? '';
  return [...(await compareLayers(json, shards, [last], 2)).values()][0] ?? Infinity;
}

const conv = (extra: Partial<Parameters<typeof layers.conv2d>[0]> = {}): tfl.layers.Layer =>
  layers.conv2d({ filters: 6, kernelSize: 3, ...extra });

/** Values of both signs: a normalisation whose mean lies within the range of its input. */
const negated = (x: tfl.SymbolicTensor): tfl.SymbolicTensor => apply(layers.batchNormalization(), x);

const cases: Readonly<Record<string, Make>> = {
  'convolution, valid, stride 2': (x) => apply(conv({ strides: 2, padding: 'valid' }), x),
  'convolution, same, stride 2': (x) => apply(conv({ strides: 2, padding: 'same' }), x),
  'convolution, same, even kernel': (x) => apply(conv({ kernelSize: [4, 2], padding: 'same' }), x),
  'convolution, dilated': (x) => apply(conv({ dilationRate: 2, padding: 'same' }), x),
  'convolution with activation': (x) => apply(conv({ activation: 'relu' }), x),
  'convolution and normalisation': (x) =>
    apply(layers.batchNormalization({ epsilon: 0.01 }), apply(conv({ useBias: false }), x)),
  'convolution with bias and normalisation without scale': (x) =>
    apply(layers.batchNormalization({ scale: false }), apply(conv(), x)),
  'convolution read twice, once by a normalisation': (x) => {
    const shared = apply(conv({ padding: 'same' }), x);
    return apply(layers.add(), shared, apply(layers.batchNormalization(), shared));
  },
  'activation between convolution and normalisation': (x) =>
    apply(layers.batchNormalization(), apply(conv({ activation: 'relu' }), x)),
  'normalisation of the input': (x) => apply(layers.batchNormalization(), x),
  'depthwise, multiplier 2, stride 2': (x) =>
    apply(layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, strides: 2, padding: 'same' }), x),
  'depthwise and normalisation': (x) =>
    apply(layers.batchNormalization(), apply(layers.depthwiseConv2d({ kernelSize: 3, useBias: false }), x)),
  separable: (x) => apply(layers.separableConv2d({ filters: 5, kernelSize: 3, padding: 'same' }), x),
  'padding into a convolution': (x) =>
    apply(
      conv({ strides: 2 }),
      apply(
        layers.zeroPadding2d({
          padding: [
            [0, 1],
            [2, 3],
          ],
        }),
        x,
      ),
    ),
  'padding before a convolution that pads itself': (x) =>
    apply(conv({ padding: 'same', strides: 2 }), apply(layers.zeroPadding2d({ padding: 1 }), x)),
  'padding read twice': (x) => {
    const padded = apply(layers.zeroPadding2d({ padding: [1, 1] }), x);
    return apply(layers.concatenate(), apply(conv(), padded), apply(conv(), padded));
  },
  'max pooling, same': (x) => apply(layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }), x),
  'average pooling, same': (x) =>
    apply(layers.averagePooling2d({ poolSize: 3, strides: 1, padding: 'same' }), x),
  'average pooling, valid, default strides': (x) => apply(layers.averagePooling2d({ poolSize: 2 }), x),
  'global average pooling': (x) => apply(layers.globalAveragePooling2d({}), x),
  'global max pooling': (x) => apply(layers.globalMaxPooling2d({}), x),
  'flatten and dense': (x) =>
    apply(layers.dense({ units: 3, activation: 'softmax' }), apply(layers.flatten(), x)),
  'dense without bias': (x) =>
    apply(layers.dense({ units: 3, useBias: false }), apply(layers.globalAveragePooling2d({}), x)),
  'normalisation of a vector': (x) =>
    apply(layers.batchNormalization(), apply(layers.globalAveragePooling2d({}), x)),
  'reshape to a picture': (x) => apply(conv(), apply(layers.reshape({ targetShape: [SIDE, 4, SIDE] }), x)),
  'reshape to a vector': (x) => apply(layers.reshape({ targetShape: [-1] }), x),
  'capped ReLU': (x) => apply(layers.reLU({ maxValue: 0.5 }), x),
  'leaky ReLU': (x) => apply(layers.leakyReLU({ alpha: 0.2 }), negated(x)),
  'dropout does nothing': (x) => apply(layers.dropout({ rate: 0.5 }), x),
  'add three': (x) => apply(layers.add(), x, x, apply(layers.reLU({}), x)),
  multiply: (x) => apply(layers.multiply(), x, x),
  maximum: (x) => apply(layers.maximum(), x, apply(layers.reLU({ maxValue: 0.5 }), x)),
  concatenate: (x) => apply(layers.concatenate({ axis: 3 }), x, apply(conv({ padding: 'same' }), x)),
  softmax: (x) => apply(layers.softmax(), apply(layers.globalAveragePooling2d({}), x)),
};

const ACTIVATIONS = [
  'relu',
  'relu6',
  'sigmoid',
  'tanh',
  'elu',
  'selu',
  'softplus',
  'hardSigmoid',
  'swish',
  'softmax',
];

describe('every kind of layer gives what TensorFlow.js gives', () => {
  it.each(Object.entries(cases))('%s', async (_name, make) => {
    expect(await worstDifference(build(make))).toBeLessThan(1e-5);
  });

  it.each(ACTIVATIONS)('activation %s', async (activation) => {
    const make: Make = (x) =>
      apply(
        layers.activation({ activation: activation as 'relu' }),
        apply(layers.globalAveragePooling2d({}), x),
      );
    expect(await worstDifference(build(make))).toBeLessThan(1e-5);
  });

  it('a sequential model', async () => {
    const model = tfl.sequential({
      layers: [conv({ inputShape: [SIDE, SIDE, 4] }), layers.flatten(), layers.dense({ units: 3 })],
    });
    expect(await worstDifference(randomise(model))).toBeLessThan(1e-5);
  });

  it('models inside a model, as Teachable Machine exports them', async () => {
    const input = tfl.input({ shape: [SIDE, SIDE, 4] });
    const trunk = tfl.model({ inputs: input, outputs: apply(conv({ padding: 'same' }), input) });
    const pooled = tfl.sequential({ layers: [trunk, layers.globalAveragePooling2d({})] });
    const head = tfl.sequential({ layers: [layers.dense({ units: 3, inputShape: [6] })] });
    const model = randomise(tfl.sequential({ layers: [pooled, head] }));
    const { json, shards } = await artifactsOf(model);
    const { model: converted } = convertLayersModel(json, shards);
    const rng = createRng('nested');
    const dims = [2, SIDE, SIDE, 4];
    const data = Float32Array.from({ length: 2 * SIDE * SIDE * 4 }, () => rng.next());
    const session = await openSession(writeModel(converted));
    const results = await session.run({ input: { type: 'float32', dims, data } });
    await session.close();
    const reference = (model.predict(tf.tensor(data, dims)) as tf.Tensor).dataSync() as Float32Array;
    expect(difference(reference, Object.values(results)[0]?.data as Float32Array)).toBeLessThan(1e-5);
  });

  it.each([8, 9, 10, 11])('same padding at size %i', async (side) => {
    const make: Make = (x) => apply(conv({ strides: 3, kernelSize: 5, padding: 'same' }), x);
    expect(await worstDifference(build(make, side))).toBeLessThan(1e-5);
  });
});

describe('what cannot be converted', () => {
  it('is named with its kind', async () => {
    const { json, shards } = await artifactsOf(build((x) => apply(layers.upSampling2d({ size: [2, 2] }), x)));
    expect(() => convertLayersModel(json, shards)).toThrow(UnsupportedLayerError);
    expect(() => convertLayersModel(json, shards)).toThrow(/up_sampling2d.*\(UpSampling2D\)/);
  });

  it('is told when weights and manifest differ', async () => {
    const { json, shards } = await artifactsOf(build(cases['convolution with activation'] as Make));
    expect(() => convertLayersModel(json, shards.subarray(4))).toThrow(/./);
    expect(() => convertLayersModel(json, new Uint8Array(shards.length + 4))).toThrow(GraphError);
  });

  it('is told when the file is no layers model', () => {
    const json = { modelTopology: { node: [] }, weightsManifest: [] };
    expect(() => convertLayersModel(json, new Uint8Array())).toThrow(/no TensorFlow.js layers model/);
  });
});

import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { convertGraphModel } from '../../../../zoo/graph/convert/convert-graph-model.js';
import type { GraphModelOptions } from '../../../../zoo/graph/convert/convert-graph-model.js';
import type { GraphModelJson } from '../../../../zoo/graph/convert/graph-model.js';
import { writeModel } from '../../../../zoo/graph/model-file.js';
import { createRng, openSession } from '../../../../zoo/index.js';
import { channelsFirst, difference, tf } from './tfjs-reference.js';

/** Random values in the range a card's pictures have, of whole numbers where that range is 0..255. */
export function noise(count: number, top: number): Float32Array {
  const rng = createRng('graph');
  return Float32Array.from({ length: count }, () => (top === 1 ? rng.next() : rng.int(top + 1)));
}

/** The graph for pictures of another size and number: its placeholder says which it takes, and the executor insists. */
function withPictures(json: GraphModelJson, dims: readonly number[]): object {
  const shape = { shape: { dim: dims.map((size) => ({ size: String(size) })) } };
  const node = json.modelTopology.node?.map((raw) =>
    raw.op === 'Placeholder' ? { ...raw, attr: { ...raw.attr, shape } } : raw,
  );
  return { ...json, modelTopology: { ...json.modelTopology, node }, signature: undefined };
}

async function predictWithTensorFlow(
  json: GraphModelJson,
  shards: Uint8Array,
  picture: tf.Tensor,
  names: readonly string[],
): Promise<tf.Tensor[]> {
  const weightSpecs = json.weightsManifest.flatMap((group) => group.weights) as tf.io.WeightsManifestEntry[];
  const artifacts = {
    ...withPictures(json, picture.shape),
    weightSpecs,
    weightData: new Uint8Array(shards).buffer,
  };
  const model = await loadGraphModel(tf.io.fromMemory(artifacts));
  const { inputs } = model;
  const typed = inputs[0]?.dtype === 'int32' ? tf.cast(picture, 'int32') : picture;
  return [model.execute({ [inputs[0]?.name ?? '']: typed }, [...names])].flat();
}

/** Differences between TensorFlow.js and the converted network on random pictures, by node. */
export async function compareNodes(
  json: GraphModelJson,
  shards: Uint8Array,
  names: readonly string[],
  options: Omit<GraphModelOptions, 'outputs'> & { readonly top?: number; readonly batch?: number },
): Promise<Map<string, number>> {
  const { height, width, batch = 1, top = 1 } = options;
  const { model, tensors } = convertGraphModel(json, shards, { ...options, outputs: names });
  const dims = [batch, height, width, 3];
  const data = noise(batch * height * width * 3, top);
  const session = await openSession(writeModel(model));
  const results = await session.run({ input: { type: 'float32', dims, data } });
  await session.close();
  const reference = await predictWithTensorFlow(json, shards, tf.tensor(data, dims), names);
  const differences = reference.map((value, i): [string, number] => {
    const name = names[i] ?? '';
    const got = results[tensors.get(name) ?? ''];
    const values = got?.type === 'float32' ? got.data : new Float32Array();
    return [name, difference(channelsFirst(value).dataSync() as Float32Array, values)];
  });
  return new Map(differences);
}

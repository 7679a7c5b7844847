import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { createRequire } from 'node:module';
import path from 'node:path';
import { convertLayersModel } from '../../../../zoo/graph/convert/convert-layers-model.js';
import type { LayersModelJson } from '../../../../zoo/graph/convert/layers-model.js';
import { writeModel } from '../../../../zoo/graph/model-file.js';
import { extract } from '../../../../zoo/graph/surgery.js';
import type { TensorValue } from '../../../../zoo/index.js';
import { createRng, openSession } from '../../../../zoo/index.js';

export { tf, tfl };

/** TensorFlow.js itself is the reference for the converter: the wasm backend where it is fast, cpu where it has the kernel. */
export async function useBackend(name: 'wasm' | 'cpu'): Promise<void> {
  const wasm = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(`${path.dirname(wasm)}/`);
  await tf.setBackend(name);
  await tf.ready();
}

/** A model and its weights as they are stored. */
export async function artifactsOf(
  model: tfl.LayersModel,
): Promise<{ json: LayersModelJson; shards: Uint8Array }> {
  let saved: tf.io.ModelArtifacts = {};
  await model.save(
    tf.io.withSaveHandler((artifacts) => {
      saved = artifacts;
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
    }),
  );
  const weights = (saved.weightSpecs ?? []) as LayersModelJson['weightsManifest'][number]['weights'];
  const json = { modelTopology: saved.modelTopology, weightsManifest: [{ paths: ['weights'], weights }] };
  return { json, shards: new Uint8Array(saved.weightData as ArrayBuffer) };
}

export async function loadReference(json: LayersModelJson, shards: Uint8Array): Promise<tfl.LayersModel> {
  const weightSpecs = json.weightsManifest.flatMap((group) => group.weights) as tf.io.WeightsManifestEntry[];
  const weightData = new Uint8Array(shards).buffer;
  const modelTopology = json.modelTopology as tf.io.ModelJSON['modelTopology'];
  return tfl.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
}

/** NHWC values re-ordered to NCHW, as the converted network holds pictures. */
export function channelsFirst(tensor: tf.Tensor): tf.Tensor {
  return tensor.rank === 4 ? tf.transpose(tensor, [0, 3, 1, 2]) : tensor;
}

/** Largest difference between two arrays, as a share of the larger of 1 and the largest reference value. */
export function difference(reference: Float32Array, got: Float32Array): number {
  let [largest, scale] = [0, 1];
  reference.forEach((value, i) => {
    largest = Math.max(largest, Math.abs(value - (got[i] ?? NaN)));
    scale = Math.max(scale, Math.abs(value));
  });
  return reference.length === got.length ? largest / scale : Infinity;
}

/** Differences between TensorFlow.js and the converted network on random input, by layer name. */
export async function compareLayers(
  json: LayersModelJson,
  shards: Uint8Array,
  layerNames: readonly string[],
  batch: number,
): Promise<Map<string, number>> {
  const model = await loadReference(json, shards);
  const { model: converted, tensors } = convertLayersModel(json, shards);
  const outputs = layerNames.map((name) => tensors.get(name) ?? '');
  const session = await openSession(writeModel(extract(converted, [...new Set(outputs)])));
  const shape = [batch, ...(model.inputs[0]?.shape.slice(1) ?? [])] as number[];
  const rng = createRng('converter');
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.next());
  const input: TensorValue = { type: 'float32', dims: shape, data };
  const results = await session.run({ input });
  await session.close();
  const layers = layerNames.map((name) => model.getLayer(name).output as tfl.SymbolicTensor);
  const reference = tfl.model({ inputs: model.inputs, outputs: layers });
  const differences = new Map<string, number>();
  tf.tidy(() => {
    const predicted = reference.predict(tf.tensor(data, shape));
    [predicted].flat().forEach((value, i) => {
      const result = results[outputs[i] ?? ''];
      const got = result?.type === 'float32' ? result.data : new Float32Array();
      differences.set(layerNames[i] ?? '', difference(channelsFirst(value).dataSync() as Float32Array, got));
    });
  });
  return differences;
}

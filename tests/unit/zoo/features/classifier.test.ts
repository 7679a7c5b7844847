import { beforeAll, describe, expect, it } from 'vitest';
import { readPackagedModel } from '../../../../zoo/backbones/package-weights.js';
import {
  classifierGeometry,
  createRng,
  getBackbone,
  GraphError,
  openClassifier,
  type InstalledBackbone,
} from '../../../../zoo/index.js';
import { installSmall } from '../backbones/installed.js';
import { loadReference, tf, useBackend } from '../graph/tfjs-reference.js';

const SIDE = 224;

describe('a network asked for its own answer', () => {
  let installed: InstalledBackbone;

  beforeAll(async () => {
    installed = await installSmall();
    await useBackend('wasm');
  });

  it('gives the probabilities that TensorFlow.js gives, by label', async () => {
    const rng = createRng('classifier');
    const images = [0, 1].map(() => Uint8Array.from({ length: SIDE * SIDE * 3 }, () => rng.int(256)));
    const classifier = await openClassifier(installed, 1);
    const answer = await classifier.run(images);
    await classifier.close();
    expect(classifier.labels).toEqual(['drawing', 'hentai', 'neutral', 'porn', 'sexy']);
    const { weights } = installed.card;
    if (weights.kind !== 'tfjs-layers') throw new Error('The small network is a layers model.');
    const { json, shards } = await readPackagedModel(weights);
    const model = await loadReference(json, shards);
    const pixels = images.flatMap((image) => Array.from(image, (value) => value / 255));
    const expected = (model.predict(tf.tensor(pixels, [2, SIDE, SIDE, 3])) as tf.Tensor).dataSync();
    expect(answer).toMatchObject({ rows: 2, cols: 5 });
    expect(answer.data).toHaveLength(expected.length);
    answer.data.forEach((value, i) => expect(value).toBeCloseTo(expected[i] as number, 4));
  });

  it('is fed as its makers feed it, which is not how a trunk is fed', () => {
    expect(installed.card.input.resize).toBe('crop');
    expect(classifierGeometry(installed.card)).toMatchObject({ width: SIDE, height: SIDE, resize: 'squish' });
  });

  it('refuses a network whose card says nothing of its answer', () => {
    expect(() => classifierGeometry(getBackbone('human-movenet'))).toThrow(GraphError);
  });
});

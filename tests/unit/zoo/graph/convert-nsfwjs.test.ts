import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelFiles } from '../../../../zoo/backbones/package-weights.js';
import { readPackagedModel } from '../../../../zoo/backbones/package-weights.js';
import { readTopology } from '../../../../zoo/graph/convert/layers-model.js';
import { backbones } from '../../../../zoo/index.js';
import { compareLayers, useBackend } from './tfjs-reference.js';

const TOLERANCE = 1e-4;

/** Layers whose own output is gone after conversion, because a neighbour took it in. */
function visibleLayers({ json }: ModelFiles): string[] {
  const { layers } = readTopology(json);
  const normalised = new Set(
    layers.filter((layer) => layer.kind === 'BatchNormalization').flatMap((layer) => layer.inbound),
  );
  return layers
    .filter((layer) => !/^(InputLayer|ZeroPadding2D)$/.test(layer.kind) && !normalised.has(layer.name))
    .map((layer) => layer.name);
}

const cards = backbones.flatMap(({ id, weights }) =>
  weights.kind === 'tfjs-layers' ? [{ id, weights }] : [],
);

beforeAll(() => useBackend('wasm'));

describe.each(cards)('$id', ({ weights }) => {
  it('gives what TensorFlow.js gives, at every layer', async () => {
    const files = await readPackagedModel(weights);
    const names = visibleLayers(files);
    expect(names.length).toBeGreaterThan(80);
    const differences = await compareLayers(files.json, files.shards, names, 1);
    expect(differences.size).toBe(names.length);
    const wrong = [...differences].filter(([, difference]) => !(difference <= TOLERANCE));
    expect(wrong).toEqual([]);
  });
});

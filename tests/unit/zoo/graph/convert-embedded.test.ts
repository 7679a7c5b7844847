import { beforeAll, describe, expect, it } from 'vitest';
import { readPackagedModel } from '../../../../zoo/backbones/package-weights.js';
import type { GraphModelJson } from '../../../../zoo/graph/convert/graph-model.js';
import { opsInOrder, readGraph } from '../../../../zoo/graph/convert/graph-model.js';
import { backbones } from '../../../../zoo/index.js';
import { compareNodes } from './graph-reference.js';
import { useBackend } from './tfjs-reference.js';

const TOLERANCE = 1e-4;

const cards = backbones.flatMap(({ id, weights, input }) =>
  weights.kind === 'tfjs-graph' ? [{ id, weights, input }] : [],
);

/** Every product, activation and sum of a trunk: more than its taps. */
function visibleNodes(json: GraphModelJson, input: string | undefined, output: string | undefined): string[] {
  const graph = readGraph(json);
  const ends = new Set(input === undefined ? [] : [input]);
  return opsInOrder(graph, output === undefined ? graph.outputs : [output], ends)
    .filter(({ op }) => /Conv2|AddV2$|^Relu6?$|^Mul$|MatMul|Softmax|Mean|AvgPool|Squeeze/.test(op))
    .map(({ name }) => name);
}

beforeAll(() => useBackend('wasm'));

describe.each(cards)('$id', ({ weights, input: { width, height, scale } }) => {
  it('gives what TensorFlow.js gives, at every node of the trunk', async () => {
    const { json, shards } = await readPackagedModel(weights);
    const graph = json as GraphModelJson;
    const names = visibleNodes(graph, weights.inputNode, weights.outputNode);
    expect(names.length).toBeGreaterThan(60);
    const options = { width, height, input: weights.inputNode, top: scale === 1 ? 255 : 1 };
    const differences = await compareNodes(graph, shards, names, options);
    expect(differences.size).toBe(names.length);
    const wrong = [...differences].filter(([, difference]) => !(difference <= TOLERANCE));
    expect(wrong).toEqual([]);
  });
});

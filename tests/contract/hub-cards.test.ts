import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeModel } from '../../zoo/graph/model-file.js';
import { backbones, hubCards, installBackbone, openExtractor } from '../../zoo/index.js';
import { startWeightsServer } from '../support/weights-server.js';
import { NetworkWriter } from '../unit/zoo/graph/small-networks.js';

/** SPDX ids under which weights may be passed on. */
const LICENCES = ['MIT', 'Apache-2.0'];

/** From small to strong: what the zoo promises to know. */
const FAMILIES = [
  /^SqueezeNet/,
  /^MobileNetV2/,
  /^MobileNetV3/,
  /^MobileNetV4/,
  /^EfficientNet/,
  /^ResNet-18/,
  /^ResNet-50/,
  /^ConvNeXt/,
  /^ViT/,
  /^DINOv2/,
  /^CLIP/,
  /^SigLIP/,
];

/** What a hub would send, so small that every card can be gone through with it. */
function smallNetwork(): Buffer {
  const net = new NetworkWriter();
  const block = net.block('x', 'a', [3, 4]);
  const model = net.model(net.classifier(block, 4));
  const inputs = model.inputs.map((input) => ({ ...input, dims: ['N', 3, 'H', 'W'] }));
  return Buffer.from(writeModel({ ...model, inputs }));
}

const server = await startWeightsServer();
const body = smallNetwork();
let cache: string;

beforeAll(async () => {
  cache = await mkdtemp(path.join(tmpdir(), 'graft-hub-'));
});
afterAll(() => rm(cache, { recursive: true, force: true }));

it('every family is there, under ids that no other card has', () => {
  for (const family of FAMILIES) expect(hubCards.some((card) => family.test(card.family))).toBe(true);
  const ids = [...backbones, ...hubCards].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

describe.each(hubCards.map((card) => [card.id, card] as const))('hub card %s', (id, card) => {
  it('names one file of one revision, with size and licence', () => {
    const { weights, licence, input } = card;
    if (weights.kind !== 'download') throw new Error('weights of a hub are fetched');
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9.]+)*$/);
    expect(weights.url).toMatch(/^https:\/\/[^/]+\/[^/]+\/[^/]+\/resolve\/[0-9a-f]{40}\/.+\.onnx$/);
    expect(weights.roughBytes).toBeGreaterThan(1e6);
    expect(weights.roughBytes).toBeLessThan(1e9);
    expect(weights.sha256 ?? '0'.repeat(64)).toMatch(/^[0-9a-f]{64}$/);
    expect(LICENCES).toContain(licence);
    for (const text of [card.title, card.family, card.origin, card.pretrainedOn]) expect(text).not.toBe('');
    for (const positive of [input.width, input.height, input.scale, ...input.std])
      expect(positive).toBeGreaterThan(0);
  });

  it('is installed from its address with its own preparation: locked at first use, or refused when it is not what was stated', async () => {
    const { weights } = card;
    if (weights.kind !== 'download') throw new Error('weights of a hub are fetched');
    const { pathname } = new URL(weights.url);
    server.files.set(pathname, body);
    const url = new URL(pathname, server.base).href;
    const work = installBackbone({ ...card, weights: { ...weights, url } }, cache);
    if (weights.sha256 !== null) {
      await expect(work).rejects.toMatchObject({ reason: 'changed' });
      return;
    }
    const installed = await work;
    const lock = JSON.parse(await readFile(path.join(cache, 'zoo.lock.json'), 'utf8')) as object;
    expect(lock).toMatchObject({ [id]: { url, bytes: body.length, from: 'first use' } });
    const extractor = await openExtractor(installed);
    const [matrix] = await extractor.run([new Uint8Array(card.input.width * card.input.height * 3)]);
    await extractor.close();
    expect(matrix).toMatchObject({ rows: 1, cols: 4 });
  });
});

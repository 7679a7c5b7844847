import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeModel } from '../../zoo/graph/model-file.js';
import { backbones, hubCards, installBackbone, openExtractor } from '../../zoo/index.js';
import { describedCard } from '../../zoo/hub/described-card.js';
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

const square = (side: number) => ({ height: side, width: side });
const imagenet = { image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225] };
const half = { image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] };
const common = { do_normalize: true, do_rescale: true, rescale_factor: 0.00392156862745098 };
const middle = { ...common, do_center_crop: true, crop_size: square(224), size: { shortest_edge: 256 } };
const convnext = { ...common, ...imagenet, crop_pct: 0.875, resample: 3, size: { shortest_edge: 224 } };

/** What the `preprocessor_config.json` of these repositories says, as public pages show it. */
const PUBLISHED: Readonly<Record<string, object>> = {
  'mobilenetv4-small': { ...middle, ...imagenet, resample: 3 },
  'resnet-18': convnext,
  'convnext-tiny': convnext,
  'vit-base': { ...common, ...half, resample: 2, size: square(224) },
  'dinov2-base': { ...middle, ...imagenet, resample: 3 },
  'clip-vit-base': {
    ...middle,
    image_mean: [0.48145466, 0.4578275, 0.40821073],
    image_std: [0.26862954, 0.26130258, 0.27577711],
    resample: 3,
    size: { shortest_edge: 224 },
  },
  'siglip-base': { ...common, ...half, resample: 3, size: square(224) },
};

const server = await startWeightsServer();
const body = smallNetwork();
let cache: string;

beforeAll(async () => {
  cache = await mkdtemp(path.join(tmpdir(), 'graft-hub-'));
});
afterAll(() => rm(cache, { recursive: true, force: true }));

/** The same path on this machine. */
const here = (there: string): string => new URL(new URL(there).pathname, server.base).href;

it.each(Object.entries(PUBLISHED))('card %s says what its published file says', async (id, published) => {
  const card = hubCards.find((one) => one.id === id);
  if (card?.weights.kind !== 'download') throw new Error('there is no such card');
  const describedAt = here(card.weights.describedAt ?? '');
  const { pathname } = new URL('preprocessor_config.json', describedAt);
  server.files.set(pathname, Buffer.from(JSON.stringify(published)));
  const asked = { ...card, weights: { ...card.weights, describedAt } };
  const { card: described } = await describedCard(asked, await mkdtemp(path.join(cache, 'described-')));
  server.files.delete(pathname);
  expect(described).toEqual(asked);
});

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
    const { weights, input } = card;
    if (weights.kind !== 'download') throw new Error('weights of a hub are fetched');
    const url = here(weights.url);
    const describedAt = here(weights.describedAt ?? '');
    server.files.set(new URL(url).pathname, body);
    const work = installBackbone({ ...card, weights: { ...weights, url, describedAt } }, cache);
    if (weights.sha256 !== null) {
      await expect(work).rejects.toMatchObject({ reason: 'changed' });
      return;
    }
    const installed = await work;
    expect(installed.card.input).toEqual(input);
    const lock = JSON.parse(await readFile(path.join(cache, 'zoo.lock.json'), 'utf8')) as object;
    expect(lock).toMatchObject({ [id]: { url, bytes: body.length, from: 'first use' } });
    const extractor = await openExtractor(installed);
    const [matrix] = await extractor.run([new Uint8Array(card.input.width * card.input.height * 3)]);
    await extractor.close();
    expect(matrix).toMatchObject({ rows: 1, cols: 4 });
  });
});

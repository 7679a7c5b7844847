import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { writeModel } from '../../../../zoo/graph/model-file.js';
import {
  findInstalled,
  installBackbone,
  uninstallBackbone,
  type BackboneCard,
} from '../../../../zoo/index.js';
import type { DownloadSource } from '../../../../zoo/backbones/card.js';
import { featureKey } from '../../../../zoo/features/cache.js';
import { startWeightsServer } from '../../../support/weights-server.js';
import { temporaryFolder } from '../backbones/installed.js';
import { NetworkWriter } from '../graph/small-networks.js';

function smallNetwork(): Buffer {
  const net = new NetworkWriter();
  const model = net.model(net.classifier(net.block('x', 'a', [3, 8]), 8));
  const inputs = model.inputs.map((input) => ({ ...input, dims: ['N', 3, 'H', 'W'] }));
  return Buffer.from(writeModel({ ...model, inputs }));
}

const hub = await startWeightsServer();
const model = smallNetwork();
const REVISION = '/a/b/resolve/0123/';
const CONFIG = `${REVISION}preprocessor_config.json`;
const weights: DownloadSource = {
  kind: 'download',
  url: new URL(`${REVISION}onnx/model.onnx`, hub.base).href,
  bytes: null,
  sha256: null,
  describedAt: new URL(REVISION, hub.base).href,
};
const card: BackboneCard = {
  id: 'of-a-hub',
  title: 'Of a hub',
  family: 'Of a hub',
  licence: 'MIT',
  origin: 'a hub',
  pretrainedOn: 'nothing',
  input: {
    width: 16,
    height: 16,
    layout: 'nchw',
    channels: 'rgb',
    scale: 1 / 255,
    mean: [0, 0, 0],
    std: [1, 1, 1],
    resize: 'crop',
    cropShare: 0.875,
    kernel: 'linear',
  },
  weights,
};

const AGREES = { crop_pct: 0.875, size: { shortest_edge: 16 }, do_normalize: false };

function says(name: string, content: unknown): void {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  hub.files.set(`${REVISION}${name}`, Buffer.from(text));
}

const lockOf = async (cacheDir: string) =>
  (
    JSON.parse(await readFile(path.join(cacheDir, 'zoo.lock.json'), 'utf8')) as Record<
      string,
      { sha256: string; described: object }
    >
  )[card.id];

let cacheDir = '';
beforeEach(async () => {
  cacheDir = await temporaryFolder();
  hub.files.clear();
  hub.special.clear();
  hub.requests.length = 0;
  hub.files.set(`${REVISION}onnx/model.onnx`, model);
});

describe('a card of a hub', () => {
  it('is prepared as the preprocessor_config.json of its revision says, which is told and locked', async () => {
    const stated = { image_mean: [0.5, 0.5, 0.5], image_std: [0.25, 0.25, 0.25], resample: 3, size: 16 };
    says('preprocessor_config.json', { ...stated, do_normalize: true, do_flip_channel_order: true });
    const installed = await installBackbone(card, cacheDir);
    const { cropShare: _share, ...rest } = card.input;
    expect(installed.card.input).toEqual({
      ...rest,
      channels: 'bgr',
      mean: [0.5, 0.5, 0.5],
      std: [0.25, 0.25, 0.25],
      resize: 'squish',
      kernel: 'cubic',
    });
    expect(installed.card.inputRemark).toBe(
      'As the hub\'s preprocessor_config.json says: channels "bgr" instead of "rgb", mean [0.5,0.5,0.5] instead of [0,0,0], ' +
        'std [0.25,0.25,0.25] instead of [1,1,1], resize "squish" instead of "crop", cropShare none instead of 0.875, ' +
        'kernel "cubic" instead of "linear".',
    );
    expect(featureKey(installed)).not.toBe(featureKey({ ...installed, card }));
    expect(await lockOf(cacheDir)).toMatchObject({
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      described: { by: 'preprocessor_config.json', input: { channels: 'bgr' } },
    });
  });

  it('is prepared alike later and on another machine with the same lock, without asking again', async () => {
    says('preprocessor_config.json', { size: { shortest_edge: 24 }, resample: 1, do_normalize: false });
    const first = await installBackbone(card, cacheDir);
    expect(first.card.input).toMatchObject({ width: 24, height: 24, kernel: 'lanczos3' });
    hub.files.delete(CONFIG);
    hub.requests.length = 0;
    expect((await findInstalled(card, cacheDir))?.card.input).toEqual(first.card.input);
    expect((await installBackbone(card, cacheDir)).card.input).toEqual(first.card.input);
    const other = await temporaryFolder();
    await writeFile(path.join(other, 'zoo.lock.json'), await readFile(path.join(cacheDir, 'zoo.lock.json')));
    expect((await installBackbone(card, other)).card.input).toEqual(first.card.input);
    expect(hub.requests).toEqual([`${REVISION}onnx/model.onnx`]);
    expect(await uninstallBackbone(card, other)).toBe(true);
    expect(await findInstalled(card, other)).toBeNull();
  });

  it("is prepared as timm's config.json says, where there is no other file", async () => {
    const pretrained_cfg = {
      input_size: [3, 32, 24],
      interpolation: 'bicubic',
      crop_pct: 0.95,
      crop_mode: 'center',
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
    };
    says('config.json', { architecture: 'small', pretrained_cfg });
    const { input } = (await installBackbone(card, cacheDir)).card;
    const stated = { height: 32, width: 24, kernel: 'cubic', cropShare: 0.95, mean: [0.5, 0.5, 0.5] };
    expect(input).toMatchObject(stated);
  });

  it.each<[string, Record<string, unknown>]>([
    ['there is no file', {}],
    ['the config.json says nothing of pictures', { 'config.json': { architectures: ['X'], size: 'large' } }],
    ['the file agrees', { 'preprocessor_config.json': AGREES }],
    ['the file leaves it to others', { 'preprocessor_config.json': { crop_pct: null, do_normalize: false } }],
  ])('stays as it is, with no remark, where %s', async (_name, files) => {
    for (const [name, content] of Object.entries(files)) says(name, content);
    const installed = await installBackbone(card, cacheDir);
    expect(installed.card).toEqual(card);
    expect((await lockOf(cacheDir))?.described).toMatchObject({ ignored: null });
  });

  it.each<[string, unknown, RegExp]>([
    ['is no JSON', '<html>Sign in</html>', /is no JSON/],
    ['is a list', [1, 2], /values of an unknown kind/],
    ['has words for numbers', { size: { shortest_edge: '224' } }, /values of an unknown kind/],
    ['would divide by zero', { image_mean: [0, 0, 0], image_std: [0, 1, 1] }, /values of an unknown kind/],
    ['wants an enormous picture', { size: 1e9 }, /values of an unknown kind/],
    ['is enormous', ' '.repeat(9 * 1024 * 1024), /is too large/],
  ])('is prepared as it says itself, with a remark, where the file %s', async (_name, content, remark) => {
    says('preprocessor_config.json', content);
    const installed = await installBackbone(card, cacheDir);
    expect(installed.card.input).toEqual(card.input);
    expect(installed.card.inputRemark).toMatch(remark);
    expect((await installBackbone(card, cacheDir)).card.inputRemark).toMatch(remark);
  });

  it('is prepared as it says itself, with a remark, where the network does not take what the hub asks for', async () => {
    const net = new NetworkWriter();
    const fixed = net.model(net.classifier(net.block('x', 'a', [3, 8]), 8));
    const inputs = fixed.inputs.map((input) => ({ ...input, dims: ['N', 3, 16, 16] }));
    hub.files.set(`${REVISION}onnx/model.onnx`, Buffer.from(writeModel({ ...fixed, inputs })));
    says('preprocessor_config.json', { size: { shortest_edge: 24 }, resample: 3, do_normalize: false });
    const installed = await installBackbone(card, cacheDir);
    expect(installed.card.input).toEqual(card.input);
    expect(installed.card.inputRemark).toMatch(/asks for pictures that the network does not take/);
    hub.requests.length = 0;
    expect((await findInstalled(card, cacheDir))?.card).toEqual(installed.card);
    expect((await installBackbone(card, cacheDir)).card).toEqual(installed.card);
    expect(hub.requests).toEqual([]);
    const unfit = { ...card, id: 'unfit', input: { ...card.input, width: 24, height: 24 } };
    await expect(installBackbone(unfit, cacheDir)).rejects.toThrow(/unfit does not take pictures of 24 x 24/);
  });

  it('is not installed, and nothing is locked, while the hub has trouble; the next try asks again', async () => {
    hub.special.set(CONFIG, (_request, response) => response.writeHead(503).end());
    await expect(installBackbone(card, cacheDir)).rejects.toThrow(/answers 503: try again later/);
    hub.special.set(CONFIG, (_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{', () => response.destroy());
    });
    await expect(installBackbone(card, cacheDir)).rejects.toMatchObject({ reason: 'unreachable' });
    await expect(lockOf(cacheDir)).rejects.toThrow(/ENOENT/);
    hub.special.clear();
    says('preprocessor_config.json', { resample: 3, do_normalize: false });
    expect((await installBackbone(card, cacheDir)).card.input.kernel).toBe('cubic');
  });

  it('says that its lock is damaged, rather than that it is not installed; it can be removed all the same', async () => {
    await installBackbone(card, cacheDir);
    await writeFile(path.join(cacheDir, 'zoo.lock.json'), '{"of-a-hub":');
    await expect(findInstalled(card, cacheDir)).rejects.toThrow(
      /zoo\.lock\.json cannot be read\. Repair it, or/,
    );
    await expect(installBackbone(card, cacheDir)).rejects.toThrow(/zoo\.lock\.json cannot be read/);
    expect(await uninstallBackbone(card, cacheDir)).toBe(true);
    expect(await uninstallBackbone(card, cacheDir)).toBe(false);
  });

  it('is asked for again when it points elsewhere, where it states the checksum itself', async () => {
    says('preprocessor_config.json', { resample: 3, do_normalize: false });
    expect((await installBackbone(card, cacheDir)).card.input.kernel).toBe('cubic');
    const { sha256 = null } = (await lockOf(cacheDir)) ?? {};
    const url = new URL(`${REVISION}moved.onnx`, hub.base).href;
    hub.files.set(`${REVISION}moved.onnx`, model);
    says('preprocessor_config.json', { resample: 1, do_normalize: false });
    const moved = { ...card, weights: { ...weights, url, sha256 } };
    expect((await installBackbone(moved, cacheDir)).card.input.kernel).toBe('lanczos3');
  });
});

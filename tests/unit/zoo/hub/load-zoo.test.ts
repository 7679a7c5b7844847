import { createHash } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeModel } from '../../../../zoo/graph/model-file.js';
import {
  addNetwork,
  type AddRequest,
  backbones,
  hubCards,
  HubError,
  installBackbone,
  loadZoo,
  openExtractor,
  readNetwork,
  removeLocalCard,
  uninstallBackbone,
  UnknownBackboneError,
} from '../../../../zoo/index.js';
import { startWeightsServer } from '../../../support/weights-server.js';
import { temporaryFolder } from '../backbones/installed.js';
import { GraphWriter } from '../graph/graph-writer.js';
import { NetworkWriter } from '../graph/small-networks.js';

function smallNetwork(): Buffer {
  const net = new NetworkWriter();
  const b = net.block(net.block('x', 'a', [3, 8]), 'b', [8, 12]);
  return Buffer.from(writeModel(net.model(net.classifier(b, 12))));
}

const model = smallNetwork();

function greyNetwork(): Buffer {
  const net = new NetworkWriter(16, 1);
  return Buffer.from(writeModel(net.model(net.classifier(net.block('x', 'a', [1, 8]), 8))));
}
const grey = greyNetwork();

/** A TensorFlow.js graph model that says it reads pictures of 40 x 24. */
function graphFiles(channels: number): Record<string, string | Buffer> {
  const net = new GraphWriter([-1, 40, 24, channels]);
  const kernel = net.floats('kernel', [3, 3, channels, 4]);
  const conv = net.node('Conv2D', 'conv', ['x', kernel], { strides: [1, 1, 1, 1], padding: 'SAME' });
  net.node('Relu', 'relu', [conv]);
  const { json, shards } = net.model();
  const weightsManifest = json.weightsManifest.map((group) => ({ ...group, paths: ['weights.bin'] }));
  return { 'model.json': JSON.stringify({ ...json, weightsManifest }), 'weights.bin': Buffer.from(shards) };
}

const entry = (id: string, changes: object = {}) => ({
  id,
  file: 'nets/small.onnx',
  family: 'Small',
  params: 1000,
  bytes: model.length,
  sha256: createHash('sha256').update(model).digest('hex'),
  input: {
    name: 'x',
    shape: ['N', 3, 16, 16],
    layout: 'NCHW',
    channels: 'RGB',
    scale: 'x/255',
    mean: [0.5, 0.5, 0.5],
    std: [0.25, 0.25, 0.25],
  },
  licence: 'MIT',
  source: 'a test',
  ...changes,
});

const server = await startWeightsServer();
const serve = (...entries: object[]): void => {
  server.files.set('/zoo/zoo.json', Buffer.from(JSON.stringify(entries)));
  server.files.set('/zoo/nets/small.onnx', model);
};
const mirror = `${server.base}zoo`;

describe('the zoo', () => {
  it('is embedded, with hubs known but not searched unasked', async () => {
    const zoo = await loadZoo({ cacheDir: await temporaryFolder(), mirror: null });
    expect(zoo.entries.map(({ card }) => card)).toEqual([...backbones, ...hubCards]);
    expect(await zoo.defaults()).toEqual(backbones.map(({ id }) => id));
    expect(() => zoo.get('nope')).toThrow(UnknownBackboneError);
  });

  it('is joined by the cards of a mirror, which are fetched when they are needed', async () => {
    const cacheDir = await temporaryFolder();
    serve(entry('small-net'), entry('resnet-18'), entry('human-movenet'));
    const zoo = await loadZoo({ cacheDir, mirror });
    const sourceOf = (id: string) => zoo.entries.find(({ card }) => card.id === id)?.source;
    expect([sourceOf('small-net'), sourceOf('resnet-18'), sourceOf('human-movenet')]).toEqual([
      'mirror',
      'mirror',
      'embedded',
    ]);
    expect(await zoo.defaults()).toEqual([...backbones.map(({ id }) => id), 'small-net', 'resnet-18']);
    const stages: string[] = [];
    const installed = await installBackbone(zoo.get('small-net'), cacheDir, (stage) => stages.push(stage));
    expect([...new Set(stages)]).toEqual(['download', 'read', 'find-taps', 'write', 'ready']);
    expect(installed.taps.map(({ tensor }) => tensor)).toEqual(['a', 'b']);
    const extractor = await openExtractor(installed);
    const [matrix] = await extractor.run([new Uint8Array(16 * 16 * 3)]);
    await extractor.close();
    expect(matrix?.cols).toBe(8);
    expect(await readdir(path.join(cacheDir, 'downloads'))).toEqual([]);
    const before = server.requests.length;
    await installBackbone(zoo.get('small-net'), cacheDir);
    expect(server.requests.length).toBe(before);
    expect(await uninstallBackbone(zoo.get('small-net'), cacheDir)).toBe(true);
    expect(await uninstallBackbone(zoo.get('small-net'), cacheDir)).toBe(false);
  });

  it('is joined by a mirror that is a folder, with nothing copied first', async () => {
    const folder = await temporaryFolder();
    await mkdir(path.join(folder, 'nets'));
    await writeFile(path.join(folder, 'nets', 'small.onnx'), model);
    await writeFile(path.join(folder, 'zoo.json'), JSON.stringify([entry('small-net')]));
    const cacheDir = await temporaryFolder();
    const zoo = await loadZoo({ cacheDir, mirror: folder });
    const { taps } = await installBackbone(zoo.get('small-net'), cacheDir);
    expect(taps.length).toBe(2);
  });

  it('goes on with the cards of the last visit when a mirror is gone', async () => {
    const cacheDir = await temporaryFolder();
    serve(entry('small-net'));
    await loadZoo({ cacheDir, mirror });
    server.special.set('/zoo/zoo.json', (_message, response) => response.destroy());
    try {
      const zoo = await loadZoo({ cacheDir, mirror });
      expect(zoo.get('small-net').family).toBe('Small');
      expect(zoo.warnings).toEqual([expect.stringMatching(/cannot be reached.*last visit/)]);
      await expect(loadZoo({ cacheDir: await temporaryFolder(), mirror })).rejects.toThrow(HubError);
    } finally {
      server.special.clear();
    }
  });

  it.each<[string, object, RegExp]>([
    ['a path that leads out', { file: '../secret.onnx' }, /0\.file/],
    ['an address instead of a path', { file: 'http://elsewhere/net.onnx' }, /0\.file/],
    ['an id that is no name', { id: 'Not OK' }, /0\.id/],
    ['no checksum', { sha256: undefined }, /0\.sha256/],
    ['a strange scale', { input: { ...entry('x').input, scale: 'log x' } }, /0\.input\.scale/],
  ])('refuses a mirror with %s', async (_name, changes, message) => {
    serve(entry('small-net', changes));
    await expect(loadZoo({ cacheDir: await temporaryFolder(), mirror })).rejects.toThrow(message);
  });

  it('refuses a folder with no zoo.json', async () => {
    const work = loadZoo({ cacheDir: await temporaryFolder(), mirror: await temporaryFolder() });
    await expect(work).rejects.toThrow(/no zoo\.json.*GRAFT_ZOO_MIRROR/);
  });
});

describe('a network of one’s own', () => {
  const input = {};
  const add = async ({ cacheDir, ...request }: AddRequest & { cacheDir: string }) =>
    addNetwork(await readNetwork(request), cacheDir);

  async function withFile(files: Record<string, string | Buffer>): Promise<string> {
    const folder = await temporaryFolder();
    for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), content);
    return folder;
  }

  it('becomes a backbone, its preprocessing read from beside it', async () => {
    const config = {
      do_normalize: true,
      image_mean: [0.1, 0.2, 0.3],
      image_std: [0.5, 0.6, 0.7],
      resample: 3,
      rescale_factor: 1 / 255,
      size: { shortest_edge: 20 },
      crop_size: { height: 16, width: 16 },
      do_center_crop: true,
    };
    const folder = await withFile({
      'My Net.onnx': model,
      'preprocessor_config.json': JSON.stringify(config),
    });
    const cacheDir = await temporaryFolder();
    const { card, preprocessing, assumed } = await add({
      path: path.join(folder, 'My Net.onnx'),
      cacheDir,
      input,
    });
    expect(card.id).toBe('my-net');
    expect(preprocessing).toBe(path.join(folder, 'preprocessor_config.json'));
    expect(assumed).toEqual([]);
    expect(card.input).toEqual({
      width: 16,
      height: 16,
      layout: 'nchw',
      channels: 'rgb',
      scale: 1 / 255,
      mean: [0.1, 0.2, 0.3],
      std: [0.5, 0.6, 0.7],
      resize: 'crop',
      cropShare: 0.8,
      kernel: 'cubic',
    });
    const zoo = await loadZoo({ cacheDir, mirror: null });
    expect(await zoo.defaults()).toContain('my-net');
    expect((await installBackbone(zoo.get('my-net'), cacheDir)).taps.length).toBe(2);
    await removeLocalCard(cacheDir, 'my-net');
    expect(await (await loadZoo({ cacheDir, mirror: null })).defaults()).not.toContain('my-net');
  });

  it('is described by what a person says, first of all', async () => {
    const folder = await withFile({ 'net.onnx': model });
    const said = { scale: 1, mean: [0, 0, 0], std: [1, 1, 1], channels: 'bgr', resize: 'squish' } as const;
    const { card, assumed } = await add({
      path: path.join(folder, 'net.onnx'),
      cacheDir: await temporaryFolder(),
      id: 'mine',
      input: said,
    });
    expect(card).toMatchObject({ id: 'mine', input: { ...said, width: 16, height: 16 } });
    expect(assumed).toEqual(['kernel']);
  });

  it('is converted for the size that its graph states', async () => {
    const folder = await withFile(graphFiles(3));
    const { card } = await add({
      path: folder,
      cacheDir: await temporaryFolder(),
      id: 'graph',
      input,
    });
    expect(card.input).toMatchObject({ width: 24, height: 40, layout: 'nhwc' });
  });

  it.each<[string, Record<string, string | Buffer>, string, object, RegExp]>([
    ['no file', {}, 'none.onnx', {}, /no file/],
    ['no network', { 'net.onnx': Buffer.from('hello, I am text') }, 'net.onnx', {}, /./],
    ['a bad id', { 'net.onnx': model }, 'net.onnx', { id: 'A B' }, /cannot be an id/],
    ['the id of another', { 'net.onnx': model }, 'net.onnx', { id: 'human-movenet' }, /embedded backbone/],
    ['a folder with no model', {}, '', {}, /no weights/],
    ['a network of grey pictures', { 'grey.onnx': grey }, 'grey.onnx', {}, /1 channel\(s\).*reads 3/],
    ['a graph model of grey pictures', graphFiles(1), '', {}, /1 channel\(s\).*reads 3/],
  ])('is refused: %s', async (_name, files, name, extra, message) => {
    const given = path.join(await withFile(files), name);
    const work = add({ path: given, cacheDir: await temporaryFolder(), input, ...extra });
    await expect(work).rejects.toThrow(message);
  });
});

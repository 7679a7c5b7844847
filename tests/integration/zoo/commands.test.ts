import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOutput } from '../../../src/cli/output.js';
import { runCli } from '../../../src/cli/run-cli.js';
import { planBuild } from '../../../src/cli/plan.js';
import { chooseBackbones } from '../../../src/training/zoo.js';
import { installAll } from '../../../src/training/compute/features-task.js';
import { writeModel } from '../../../zoo/graph/model-file.js';
import { backbones } from '../../../zoo/index.js';
import { artifactsOf, tf, tfl, useBackend } from '../../unit/zoo/graph/tfjs-reference.js';
import { NetworkWriter } from '../../unit/zoo/graph/small-networks.js';
import { temporaryFolder } from '../../unit/zoo/backbones/installed.js';

/** Collects what a command writes. */
function sink(): { stream: Writable; text: () => string } {
  let written = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written += String(chunk);
      done();
    },
  });
  return { stream, text: () => written };
}

let dataDir = '';
beforeEach(async () => {
  dataDir = await temporaryFolder();
  vi.stubEnv('GRAFT_ZOO_MIRROR', '');
  vi.stubEnv('GRAFT_CACHE_DIR', path.join(dataDir, 'cache'));
});
afterEach(() => vi.unstubAllEnvs());

async function zoo(...argv: string[]) {
  const [stdout, stderr] = [sink(), sink()];
  const context = {
    output: createOutput(stdout.stream, stderr.stream),
    signal: new AbortController().signal,
  };
  const code = await runCli(['zoo', ...argv, '--data-dir', dataDir, '--json'], context);
  return { code, json: JSON.parse(stdout.text()) as unknown, stderr: stderr.text() };
}

async function onnxFile(): Promise<string> {
  const net = new NetworkWriter();
  const b = net.block(net.block('x', 'a', [3, 8]), 'b', [8, 12]);
  const file = path.join(await temporaryFolder(), 'small.onnx');
  await writeFile(file, writeModel(net.model(net.classifier(b, 12))));
  return file;
}

/** A folder as Teachable Machine exports it: a trunk and a head, each a model inside the model. */
async function teachableMachine(): Promise<string> {
  await useBackend('cpu');
  const input = tfl.input({ shape: [32, 32, 3] });
  const conv = tfl.layers.conv2d({ filters: 6, kernelSize: 3, activation: 'relu' });
  const again = tfl.layers.conv2d({ filters: 8, kernelSize: 3, activation: 'relu' });
  const trunk = tfl.model({ inputs: input, outputs: again.apply(conv.apply(input)) as tfl.SymbolicTensor });
  const pooled = tfl.sequential({ layers: [trunk, tfl.layers.globalAveragePooling2d({})] });
  const head = tfl.sequential({
    layers: [tfl.layers.dense({ units: 2, inputShape: [8], activation: 'softmax' })],
  });
  const { json, shards } = await artifactsOf(tfl.sequential({ layers: [pooled, head] }));
  const folder = path.join(await temporaryFolder(), 'my-export');
  await mkdir(folder);
  const manifest = json.weightsManifest.map((group) => ({ ...group, paths: ['weights.bin'] }));
  await writeFile(path.join(folder, 'model.json'), JSON.stringify({ ...json, weightsManifest: manifest }));
  await writeFile(path.join(folder, 'weights.bin'), shards);
  const metadata = {
    tfjsVersion: tf.version_core,
    packageName: '@teachablemachine/image',
    imageSize: 32,
    labels: ['a', 'b'],
  };
  await writeFile(path.join(folder, 'metadata.json'), JSON.stringify(metadata));
  return folder;
}

describe('graft zoo', () => {
  it('lists, adds, benches and removes a network of one’s own', async () => {
    const file = await onnxFile();
    const added = await zoo(
      'add',
      file,
      '--mean',
      '0.5',
      '--std',
      '0.5,0.5,0.5',
      '--scale',
      '1/255',
      '--licence',
      'MIT',
    );
    expect(added).toMatchObject({ code: 0, json: { id: 'small', preprocessing: null } });
    expect(added.json).toMatchObject({ input: { mean: [0.5, 0.5, 0.5], width: 16, layout: 'nchw' } });
    const listed = (await zoo('list')).json as { id: string; source: string; modality: string }[];
    expect(listed.find(({ id }) => id === 'small')).toMatchObject({
      source: 'local',
      installed: true,
      taps: 2,
      licence: 'MIT',
    });
    expect(
      listed.filter(({ source, modality }) => source === 'embedded' && modality === 'image').length,
    ).toBe(backbones.length);
    expect((await zoo('bench')).json).toEqual([expect.objectContaining({ id: 'small', taps: 2 })]);
    expect(await zoo('rm', 'small')).toMatchObject({ code: 0, json: { id: 'small', removed: true } });
    expect(await zoo('rm', 'small')).toMatchObject({
      code: expect.any(Number) as number,
      json: { error: expect.anything() as object },
    });
  });

  it('adds a Teachable Machine export as it is', async () => {
    const { json, code } = await zoo('add', await teachableMachine());
    expect({ json, code }).toMatchObject({
      code: 0,
      json: {
        id: 'my-export',
        assumed: [],
        input: { width: 32, scale: 1 / 127.5, mean: [1, 1, 1], layout: 'nhwc' },
      },
    });
    expect((json as { taps: unknown[] }).taps.length).toBe(2);
  });

  it('keeps nothing of a network that cannot be used', async () => {
    const net = new NetworkWriter();
    const file = path.join(await temporaryFolder(), 'flat.onnx');
    await writeFile(file, writeModel(net.model(net.op('Relu', ['x'], 'y'))));
    expect((await zoo('add', file)).code).not.toBe(0);
    expect(((await zoo('list')).json as { id: string }[]).some(({ id }) => id === 'flat')).toBe(false);
  });

  it.each([
    [['add', 'none.onnx'], /no file none\.onnx/],
    [['add', 'x.onnx', '--size', 'big'], /--size/],
    [['add', 'x.onnx', '--layout', 'chw'], /nchw, or nhwc/],
    [['pull', 'nope'], /no backbone "nope"/],
  ])('says what is wrong: %j', async (argv, message) => {
    const { code, json } = await zoo(...argv);
    expect(code).not.toBe(0);
    expect((json as { error: { message: string; fix: string | null } }).error).toSatisfy(
      (error: { message: string; fix: string | null }) => message.test(`${error.message} ${error.fix ?? ''}`),
    );
  });
});

describe('a mirror', () => {
  it('is searched, by name and by default, and resolved by the child process alike', async () => {
    const file = await onnxFile();
    const mirror = path.dirname(file);
    const bytes = await readFile(file);
    const { createHash } = await import('node:crypto');
    const entry = {
      id: 'from-mirror',
      file: 'small.onnx',
      family: 'Small',
      bytes: bytes.length,
      licence: 'MIT',
      sha256: createHash('sha256').update(bytes).digest('hex'),
      input: { shape: ['N', 3, 16, 16], layout: 'NCHW', mean: [0, 0, 0], std: [1, 1, 1] },
    };
    await writeFile(path.join(mirror, 'zoo.json'), JSON.stringify([entry]));
    const env = { cacheDir: path.join(dataDir, 'cache'), zooMirror: mirror };
    expect(await chooseBackbones(env, [])).toEqual([...backbones.map(({ id }) => id), 'from-mirror']);
    expect(await chooseBackbones(env, ['from-mirror', 'from-mirror'])).toEqual(['from-mirror']);
    await expect(chooseBackbones(env, ['nope'])).rejects.toMatchObject({ code: 'unknown-backbone' });
    const [installed] = await installAll({ ...env, backbones: ['from-mirror'] });
    // Two depths, each read by its mean and by its generalised mean.
    expect(installed?.taps.length).toBe(4);
    vi.stubEnv('GRAFT_ZOO_MIRROR', mirror);
    await expect(planBuild(['cat', 'dog'], { backbone: ['nope'] })).rejects.toThrow(/nope/);
    const { settings } = await planBuild(['cat', 'dog'], { backbone: ['from-mirror'] });
    expect(settings.backbones).toEqual(['from-mirror']);
  });

  it('that is not there is named at the start', async () => {
    const env = { cacheDir: path.join(dataDir, 'cache'), zooMirror: path.join(dataDir, 'nowhere') };
    await expect(chooseBackbones(env, [])).rejects.toMatchObject({ code: 'zoo-unavailable', status: 503 });
  });
});

import { createHash } from 'node:crypto';
import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeModel } from '../../../../zoo/graph/model-file.js';
import type { BackboneCard } from '../../../../zoo/index.js';
import {
  ChecksumError,
  getBackbone,
  installBackbone,
  MissingWeightsError,
  UnknownBackboneError,
} from '../../../../zoo/index.js';
import { NetworkWriter } from '../graph/small-networks.js';
import { temporaryFolder } from './installed.js';

const card = getBackbone('nsfwjs-mobilenet-v2');

const withWeights = (changes: Record<string, unknown>): BackboneCard => ({
  ...card,
  weights: { ...card.weights, ...changes },
});

describe('installBackbone', () => {
  it('converts once and finds the result again', async () => {
    const folder = await temporaryFolder();
    const stages: string[] = [];
    const first = await installBackbone(card, folder, (stage) => stages.push(stage));
    expect(stages).toEqual(['read', 'convert', 'find-taps', 'write', 'ready']);
    const { mtimeMs } = await stat(first.modelPath);
    const again: string[] = [];
    expect(await installBackbone(card, folder, (stage) => again.push(stage))).toEqual(first);
    expect(again).toEqual(['ready']);
    expect((await stat(first.modelPath)).mtimeMs).toBe(mtimeMs);
  });

  it('gives one result to callers at the same time and leaves nothing behind', async () => {
    const folder = await temporaryFolder();
    const results = await Promise.all([1, 2, 3].map(() => installBackbone(card, folder)));
    expect(new Set(results.map((result) => result.sha256)).size).toBe(1);
    expect(await readdir(folder)).toEqual([path.basename(path.dirname(results[0]?.modelPath ?? ''))]);
  });

  it('repairs a file that was cut short', async () => {
    const folder = await temporaryFolder();
    const first = await installBackbone(card, folder);
    await truncate(first.modelPath, 1000);
    const second = await installBackbone(card, folder);
    expect(second).toEqual(first);
    expect((await stat(second.modelPath)).size).toBeGreaterThan(1_000_000);
  });

  it('finds taps anew when the card lists its own', async () => {
    const folder = await temporaryFolder();
    await installBackbone(card, folder);
    const own = await installBackbone({ ...card, taps: ['out_relu', 'block_2_add'] }, folder);
    expect(own.taps.map((tap) => [tap.id, tap.tensor])).toEqual([
      ['block-01', 'block_2_add'],
      ['block-02', 'out_relu'],
    ]);
  });

  it('refuses weights that are not those of the card, and installs nothing', async () => {
    const folder = await temporaryFolder();
    const wrong = withWeights({ sha256: '0'.repeat(64) });
    await expect(installBackbone(wrong, folder)).rejects.toThrow(ChecksumError);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['package', { packageName: 'graft-no-such-package' }],
    ['folder', { packageFolder: 'dist/models/none' }],
  ])('says that the %s is missing and what to do', async (_name, changes) => {
    const install = installBackbone(withWeights(changes), await temporaryFolder());
    await expect(install).rejects.toThrow(MissingWeightsError);
    await expect(install).rejects.toThrow(/npm ci/);
  });
});

describe('ONNX files as weights', () => {
  it('are checked and become a backbone', async () => {
    const folder = await temporaryFolder();
    const net = new NetworkWriter();
    const bytes = writeModel(net.model(net.classifier(net.block('x', 'a', [3, 8]), 8)));
    const file = path.join(folder, 'net.onnx');
    await writeFile(file, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const input = { ...card.input, width: 16, height: 16, layout: 'nchw' as const };
    const own: BackboneCard = {
      ...card,
      id: 'own',
      input,
      weights: { kind: 'onnx-file', path: file, bytes: bytes.length, sha256 },
    };
    const installed = await installBackbone(own, path.join(folder, 'cache'));
    expect(installed.taps.map((tap) => tap.tensor)).toEqual(['a']);
    expect(
      createHash('sha256')
        .update(await readFile(installed.modelPath))
        .digest('hex'),
    ).toBe(installed.sha256);
    await writeFile(file, bytes.subarray(1));
    await expect(installBackbone(own, path.join(folder, 'other'))).rejects.toThrow(ChecksumError);
  });
});

describe('getBackbone', () => {
  it('lists what there is when asked for what there is not', () => {
    expect(() => getBackbone('nope')).toThrow(UnknownBackboneError);
    expect(() => getBackbone('nope')).toThrow(/nsfwjs-mobilenet-v2, nsfwjs-inception-v3/);
  });
});

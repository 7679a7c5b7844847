import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  backbonesFolder,
  getBackbone,
  installBackbone,
  mergeable,
  mergeBackbones,
  openExtractor,
  openPackage,
  prepareImage,
  writePackage,
  type InstalledBackbone,
} from '../../../../zoo/index.js';
import { projectRoot } from '../../../../src/config/version.js';
import { chosenTaps } from '../../../../src/training/compute/modal-work.js';
import { texturedPicture } from '../../../support/odd-pictures.js';
import { smallParts } from '../../../support/small-package.js';
import { temporaryFolder } from './installed.js';

const CACHE = path.join(projectRoot(), '.graft', 'test-cache');
const IDS = ['nsfwjs-mobilenet-v2', 'nsfwjs-mobilenet-v2-mid', 'human-movenet'];
let installed: InstalledBackbone[];

beforeAll(async () => {
  installed = [];
  for (const id of IDS) installed.push(await installBackbone(getBackbone(id), CACHE));
});

async function featuresOf(backbone: InstalledBackbone, tap: string, picture: Buffer): Promise<Float32Array> {
  const extractor = await openExtractor(backbone, { taps: [tap] });
  const [features] = await extractor.run([await prepareImage(picture, backbone.card.input)]);
  await extractor.close();
  return features?.data ?? new Float32Array();
}

const farthest = (a: Float32Array, b: Float32Array): number => {
  expect(a.length).toBe(b.length);
  const scale = Math.max(...a.map(Math.abs));
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? Number.NaN)))) / scale;
};

describe('several backbones as one network', () => {
  it('are those that want the same picture', async () => {
    expect(await mergeable(installed)).toEqual([IDS.slice(0, 2)]);
    await expect(mergeBackbones(installed, backbonesFolder(CACHE))).rejects.toThrow(/cannot be one network/);
  });

  it('give what each gives alone, and tell whose they are', async () => {
    const members = installed.slice(0, 2);
    const merged = await mergeBackbones(members, backbonesFolder(CACHE));
    expect(merged.card).toMatchObject({ id: IDS.slice(0, 2).join('+'), family: 'Ensemble' });
    expect(merged.card.title).toContain(' and ');
    expect(merged.taps).toHaveLength(members.reduce((sum, { taps }) => sum + taps.length, 0));
    const picture = await texturedPicture(5, { width: 300, height: 260 });
    for (const member of members)
      for (const tap of ['block-04', 'wide-09']) {
        const alone = await featuresOf(member, tap, picture);
        expect(farthest(alone, await featuresOf(merged, `${member.card.id}/${tap}`, picture))).toBeLessThan(
          1e-4,
        );
      }
  });

  it('are packaged like one: half of the features, half of the answer', async () => {
    const merged = await mergeBackbones(installed.slice(0, 2), backbonesFolder(CACHE));
    const taps = chosenTaps(
      merged,
      IDS.slice(0, 2)
        .map((id) => `${id}/block-06`)
        .join('+'),
    );
    const alone = await smallParts({ tap: 'block-06' });
    const width = (taps ?? []).reduce((sum, { channels }) => sum + channels, 0);
    const own = alone.standardise.mean.length;
    // The head of the first alone; the second has no say.
    const pad = (values: Float32Array, length: number, rest: number): Float32Array =>
      Float32Array.from({ length }, (_, i) => values[i] ?? rest);
    const head = alone.head.map((layer) => ({
      ...layer,
      inputs: width,
      weights: pad(layer.weights, width * layer.outputs, 0),
    }));
    const standardise = {
      mean: pad(alone.standardise.mean, width, 0),
      std: pad(alone.standardise.std, width, 1),
    };
    expect(width).toBeGreaterThan(own);
    const root = await temporaryFolder();
    const together = { ...alone, installed: merged, taps: taps ?? [], head, standardise };
    const picture = await texturedPicture(6);
    const answers = [];
    for (const [name, parts] of Object.entries({ alone, together })) {
      await writePackage(path.join(root, name), parts, () => Promise.resolve());
      const model = await openPackage(path.join(root, name));
      answers.push((await model.predict([picture]))[0]?.probabilities ?? {});
      expect((await model.explain(picture)).method).toBe('class-activation');
      await model.close();
    }
    const [first = {}, second = {}] = answers;
    for (const [label, share] of Object.entries(first)) expect(second[label]).toBeCloseTo(share, 4);
  });
});

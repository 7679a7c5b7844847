import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readModel } from '../../../../zoo/graph/model-file.js';
import { openPackage, PackageError, readGolden, replayGolden, writePackage } from '../../../../zoo/index.js';
import { texturedPicture } from '../../../support/odd-pictures.js';
import { smallParts } from '../../../support/small-package.js';
import { temporaryFolder } from '../backbones/installed.js';

const attribution = {
  title: 'A cat',
  creator: 'Ann',
  licence: 'CC-BY-4.0',
  licenceUrl: 'https://creativecommons.org/licenses/by/4.0/',
  page: 'https://example.org/cat',
};

let folder: string;
const inside = (file: string): string => path.join(folder, file);

beforeEach(async () => {
  folder = path.join(await temporaryFolder(), 'package');
  const bytes = await texturedPicture(5, { width: 900, height: 500 });
  const parts = { ...(await smallParts()), golden: [{ bytes, shows: 'cat', attribution }] };
  await writePackage(folder, parts, () => Promise.resolve());
});

describe('golden pictures', () => {
  it('are small, say whose they are, and are predicted again as they were', async () => {
    const golden = await readGolden(folder);
    expect(golden.map(({ file, shows }) => [file, shows])).toEqual([
      ['golden-1.png', 'cat'],
      ['golden-2.png', null],
      ['golden-3.png', null],
    ]);
    expect(golden[0]?.attribution).toEqual(attribution);
    const replays = await replayGolden(folder);
    expect(replays.map(({ file }) => file)).toEqual(golden.map(({ file }) => file));
    for (const { difference } of replays) expect(difference).toBeLessThan(1e-6);
  });

  it('tell a picture that was changed, and an expectation that does not hold', async () => {
    await writeFile(inside('golden-2.png'), await texturedPicture(6));
    const golden = JSON.parse(await readFile(inside('golden.json'), 'utf8')) as { expected: object }[];
    golden[0]!.expected = { cat: 0.5, dog: 0.25, fox: 0.25 };
    await writeFile(inside('golden.json'), JSON.stringify(golden));
    const [first, second, third] = await replayGolden(folder);
    expect(first?.difference).toBeGreaterThan(1e-4);
    expect(second?.difference).toBeNull();
    expect(third?.difference).toBeLessThan(1e-6);
  });

  it.each(['labels.json', 'preprocess.json', 'golden.json'])('notice a damaged %s', async (file) => {
    await writeFile(inside(file), '["x"]');
    await expect(replayGolden(folder)).rejects.toThrow(PackageError);
  });
});

describe('what the model file says of itself', () => {
  it('is enough to use it without the folder', async () => {
    const { metadata } = readModel(await readFile(inside('model.onnx')));
    const model = await openPackage(folder);
    expect(JSON.parse(metadata.labels ?? '')).toEqual(model.manifest.labels);
    expect(JSON.parse(metadata.preprocess ?? '')).toMatchObject({
      width: 224,
      height: 224,
      kernel: 'linear',
    });
    expect(metadata).toMatchObject({ graftVersion: '0.0.0-test', dataset: 'd'.repeat(64), licence: 'MIT' });
    await model.close();
  });
});

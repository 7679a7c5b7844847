import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listZoo } from '../../../src/training/zoo-list.js';
import { dropBackbone, pullBackbone } from '../../../src/training/zoo-pull.js';
import { chooseTextBackbones } from '../../../src/training/zoo.js';
import { UnknownBackboneError } from '../../../zoo/index.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { tinyMirror } from '../../support/tiny-encoder.js';

async function envOfTest() {
  const { path, remove } = await temporaryFolder();
  onTestFinished(remove);
  for (const [name, bytes] of tinyMirror()) await writeFile(join(path, name), bytes);
  return { cacheDir: join(path, 'cache'), zooMirror: path };
}

const tell = (): void => undefined;

test('a sentence encoder of a mirror is listed, pulled, searched and removed like any backbone', async () => {
  const env = await envOfTest();
  const listed = async () => (await listZoo(env)).find(({ id }) => id === 'tiny-bert');
  expect(await listed()).toMatchObject({ modality: 'text', source: 'mirror', installed: false, taps: null });
  expect(await chooseTextBackbones(env, [])).toContain('tiny-bert');
  const { taps } = await pullBackbone(env, 'tiny-bert', { tell });
  expect(await listed()).toMatchObject({ installed: true, taps: taps.length, input: '16 tokens' });
  expect(await dropBackbone(env, 'tiny-bert')).toBe(true);
  expect(await listed()).toMatchObject({ installed: false });
});

test('what is learnt in a run is not to be fetched, and an unknown name lists the known ones', async () => {
  const env = await envOfTest();
  await expect(pullBackbone(env, 'skip-gram-100', { tell })).rejects.toMatchObject({
    code: 'nothing-to-fetch',
  });
  await expect(pullBackbone(env, 'nobody', { tell })).rejects.toThrow(UnknownBackboneError);
  await expect(chooseTextBackbones(env, ['nobody'])).rejects.toMatchObject({ code: 'unknown-backbone' });
});

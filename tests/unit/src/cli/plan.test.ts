import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CliError } from '../../../../src/cli/errors.js';
import { planBuild, type BuildOptions } from '../../../../src/cli/plan.js';
import { pictures, tempFolder } from './temp-folder.js';

async function refusal(named: readonly string[], options: BuildOptions = {}): Promise<CliError> {
  const error = await planBuild(named, options).then(
    () => null,
    (thrown: unknown) => thrown as CliError,
  );
  if (!error) throw new Error('The plan was accepted.');
  expect(error.exitCode).toBe(2);
  return error;
}

describe('planBuild accepts', () => {
  test('names alone, with the defaults of the settings', async () => {
    const plan = await planBuild(['cat', ' dog '], {});
    expect(plan).toMatchObject({
      categories: ['cat', 'dog'],
      settings: { providers: [], imagesPerCategory: 60, seed: 1, budgetMs: null },
    });
    expect(plan.pictures.size).toBe(0);
  });

  test('folders as categories, in order, with what the command line says', async () => {
    const from = tempFolder({ ...pictures('dog', 6), ...pictures('cat', 5), 'notes.txt': 'x' });
    const plan = await planBuild([], {
      from,
      images: 20,
      seed: 9,
      budget: 60_000,
      trials: 40,
      maxBackbones: 7,
      maxLatency: 2.5,
      maxSize: 3,
      backbone: ['nsfwjs-inception-v3'],
    });
    expect(plan.categories).toEqual(['cat', 'dog']);
    expect(plan.pictures.get('cat')).toHaveLength(5);
    expect(plan.settings).toMatchObject({
      providers: [],
      imagesPerCategory: 20,
      seed: 9,
      budgetMs: 60_000,
      maxTrials: 40,
      maxBackbones: 7,
      maxLatencyMs: 2.5,
      maxSizeMb: 3,
      backbones: ['nsfwjs-inception-v3'],
    });
    expect(plan.leftOut).toEqual(['1 file beside the category folders']);
  });

  test('both: they add up, a folder and a name of one category are one', async () => {
    const from = tempFolder({ ...pictures('Cat', 2), ...pictures('fox', 1) });
    const plan = await planBuild(['cat', 'dog'], { from, provider: ['gallery'] });
    expect(plan.categories).toEqual(['cat', 'dog', 'fox']);
    expect(plan.pictures.get('cat')).toHaveLength(2);
  });

  test('a zip in place of pictures: only the service can count them', async () => {
    const from = tempFolder({ 'cat/all.zip': 'PK', ...pictures('dog', 5) });
    expect((await planBuild([], { from })).categories).toEqual(['cat', 'dog']);
  });

  test('links out of the folder are named as left out', async () => {
    const outside = tempFolder({ 'x.jpg': 'x' });
    const from = tempFolder({ ...pictures('cat', 5), ...pictures('dog', 5) });
    symlinkSync(join(outside, 'x.jpg'), join(from, 'cat', 'x.jpg'));
    const plan = await planBuild([], { from });
    expect(plan.leftOut).toEqual([`${join(from, 'cat', 'x.jpg')} (link-not-followed)`]);
    expect(plan.pictures.get('cat')).toHaveLength(5);
  });
});

describe('planBuild refuses, saying what is needed', () => {
  test('no category and one category', async () => {
    expect((await refusal([])).message).toMatch(/At least 2 different categories/);
    const one = await refusal(['cat']);
    expect(one.message).toMatch(/only "cat" was given/);
    expect(one.fix).toContain('graft build cat dog fox');
  });

  test('the same category twice, however it is written', async () => {
    expect((await refusal(['cat', 'dog', ' CAT'])).message).toMatch(/"cat" and "CAT" are the same category/);
  });

  test('two folders of one category', async () => {
    const from = tempFolder({ ...pictures('cat', 5), ...pictures('Cat', 5), ...pictures('dog', 5) });
    expect((await refusal([], { from })).message).toMatch(/"Cat" and "cat" are the same category/);
  });

  test('an empty folder, a folder without folders, a file, a folder that is not there', async () => {
    expect(await refusal([], { from: tempFolder() })).toMatchObject({
      code: 'no-category-folders',
      message: expect.stringMatching(/is empty/),
    });
    const loose = tempFolder({ 'a.jpg': 'x', 'b.jpg': 'x' });
    expect((await refusal([], { from: loose })).message).toMatch(/2 files, but no folders/);
    expect((await refusal([], { from: join(loose, 'a.jpg') })).code).toBe('not-a-folder');
    expect((await refusal([], { from: join(loose, 'nowhere') })).code).toBe('no-such-folder');
  });

  test('four pictures in all, and an empty category folder', async () => {
    const four = await refusal([], { from: tempFolder({ ...pictures('cat', 2), ...pictures('dog', 2) }) });
    expect(four).toMatchObject({
      code: 'too-few-pictures',
      message: expect.stringMatching(/cat has 2, dog has 2.*At least 5/),
    });
    const empty = await refusal([], { from: tempFolder({ ...pictures('cat', 9), 'dog/.keep': '' }) });
    expect(empty.message).toMatch(/dog has none/);
    expect(empty.fix).toContain('--provider');
  });

  test('a category on the command line that has neither pictures nor a provider', async () => {
    const from = tempFolder({ ...pictures('cat', 5), ...pictures('dog', 5) });
    expect((await refusal(['fox'], { from })).message).toMatch(/fox has none/);
  });

  test('an unknown provider and an unknown backbone, naming the known ones', async () => {
    expect(await refusal(['cat', 'dog'], { provider: ['gallery', 'gogle'] })).toMatchObject({
      code: 'unknown-provider',
      message: 'There is no provider gogle.',
      fix: expect.stringMatching(/gallery.*openverse|openverse.*gallery/),
    });
    const backbone = await refusal(['cat', 'dog'], { backbone: ['resnet-1'] });
    expect(backbone).toMatchObject({
      code: 'unknown-backbone',
      fix: expect.stringContaining('nsfwjs-mobilenet-v2'),
    });
  });
});

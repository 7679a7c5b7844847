import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GraftClient } from '../../../../src/cli/client.js';
import { checkOutFolder, copyPackage } from '../../../../src/cli/package-copy.js';
import { sendJson, serveLoopback } from './loopback.js';
import { aReport, aTrial, MODEL_ID, PROJECT_ID, RUN_ID } from './samples.js';
import { tempFolder } from './temp-folder.js';

const FILES: Record<string, string> = {
  'manifest.json': '{"new":true}',
  'model.onnx': 'weights',
  'labels.json': '[]',
};

/** A service with one model; files that it doesn't have break off, as a killed service does. */
async function client(files: string[] = Object.keys(FILES)): Promise<GraftClient> {
  const trial = aTrial('block-07', 0.9, 1000);
  const model = {
    id: MODEL_ID,
    projectId: PROJECT_ID,
    runId: RUN_ID,
    modality: 'image',
    version: 1,
    aliases: ['champion'],
    labels: ['cat', 'dog'],
    summary: aReport([trial], trial).selected,
    files,
    createdAt: '2026-01-01T00:00:00.000Z',
  };
  const url = await serveLoopback((request, response) => {
    const file = /package\/(.+)$/.exec(request.url ?? '')?.[1];
    if (file === undefined) return sendJson(response, model);
    const content = FILES[file];
    if (content === undefined) return void response.writeHead(200).write('half', () => response.destroy());
    response.end(content);
  });
  return new GraftClient(url);
}

const contentOf = (folder: string): Record<string, string> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

/** What lies beside the target: drafts must not stay. */
const beside = (target: string): string[] =>
  readdirSync(dirname(target)).filter((name) => name !== basename(target));

describe('copyPackage', () => {
  test('makes the folder, with its parents', async () => {
    const out = join(tempFolder(), 'deep', 'er', 'model');
    expect(await copyPackage(await client(), MODEL_ID, out)).toBe(out);
    expect(contentOf(out)).toEqual(FILES);
    expect(beside(out)).toEqual([]);
  });

  test('fills an empty folder, and replaces an earlier package as a whole', async () => {
    const out = join(tempFolder(), 'model');
    mkdirSync(out);
    await copyPackage(await client(), MODEL_ID, out);
    await copyPackage(await client(['manifest.json', 'model.onnx', 'labels.json']), MODEL_ID, out);
    expect(contentOf(out)).toEqual(FILES);
    expect(beside(out)).toEqual([]);
  });

  test('leaves the files of others alone', async () => {
    const parent = tempFolder({
      'model/notes.txt': 'mine',
      'model/manifest.json': '{"old":true}',
      'model/model.onnx': 'old',
    });
    await copyPackage(await client(), MODEL_ID, join(parent, 'model'));
    expect(contentOf(join(parent, 'model'))).toEqual({ ...FILES, 'notes.txt': 'mine' });
  });

  test('a transfer that breaks off changes nothing', async () => {
    const parent = tempFolder({ 'model/manifest.json': '{"old":true}', 'model/model.onnx': 'old' });
    const out = join(parent, 'model');
    await expect(copyPackage(await client(['manifest.json', 'gone.bin']), MODEL_ID, out)).rejects.toThrow();
    expect(contentOf(out)).toEqual({ 'manifest.json': '{"old":true}', 'model.onnx': 'old' });
    expect(beside(out)).toEqual([]);
  });

  test.each(['../escape.txt', '/etc/escape', 'a/../../b'])('a file named %s is refused', async (name) => {
    const out = join(tempFolder(), 'model');
    await expect(copyPackage(await client([name]), MODEL_ID, out)).rejects.toThrow(/outside itself/);
    expect(beside(out)).toEqual([]);
  });
});

describe('checkOutFolder', () => {
  test('takes a new folder, an empty one and a package', async () => {
    const folder = tempFolder({ 'package/manifest.json': '{}', 'package/model.onnx': 'x' });
    mkdirSync(join(folder, 'empty'));
    await checkOutFolder(join(folder, 'new'), false);
    await checkOutFolder(join(folder, 'empty'), false);
    await checkOutFolder(join(folder, 'package'), false);
  });

  test('refuses a file and anything else, unless forced', async () => {
    const folder = tempFolder({ 'notes.txt': 'x' });
    await expect(checkOutFolder(folder, false)).rejects.toMatchObject({
      code: 'out-not-empty',
      exitCode: 2,
      fix: expect.stringContaining('--force'),
    });
    await expect(checkOutFolder(join(folder, 'notes.txt'), true)).rejects.toMatchObject({
      code: 'out-is-a-file',
      exitCode: 2,
    });
    await checkOutFolder(folder, true);
  });
});

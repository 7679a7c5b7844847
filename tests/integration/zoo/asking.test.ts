import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeModel } from '../../../zoo/graph/model-file.js';
import { graft } from '../../support/graft-process.js';
import { hasTerminal, startAtTerminal, type GraftAtTerminal } from '../../support/terminal.js';
import { temporaryFolder } from '../../unit/zoo/backbones/installed.js';
import { NetworkWriter } from '../../unit/zoo/graph/small-networks.js';

const ENTER = '\r';
const COMMON = {
  channels: 'rgb',
  scale: 1 / 255,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  resize: 'crop',
  kernel: 'linear',
};

if (!hasTerminal) console.warn('SKIPPED: no util-linux script here, so no terminal to ask a person on.');

/** A network that says nothing of its input; of its size neither, where that is open. */
async function networkFile(size: 'open' | 'stated'): Promise<string> {
  const net = new NetworkWriter();
  const model = net.model(net.classifier(net.block('x', 'a', [3, 8]), 8));
  const inputs = model.inputs.map((input) => ({ ...input, dims: ['N', 3, 'H', 'W'] }));
  const file = path.join(await temporaryFolder(), 'net.onnx');
  await writeFile(file, writeModel(size === 'open' ? { ...model, inputs } : model));
  return file;
}

let dataDir = '';
let files: Record<'open' | 'stated', string>;
const environment = () => ({ GRAFT_CACHE_DIR: path.join(dataDir, 'cache'), GRAFT_ZOO_MIRROR: '' });
const addAtTerminal = (size: 'open' | 'stated', ...flags: string[]): GraftAtTerminal =>
  startAtTerminal(['zoo', 'add', files[size], '--data-dir', dataDir, ...flags], environment());

const localFolder = (): string => path.join(dataDir, 'cache', 'backbones', 'local');
async function inputOfCard(): Promise<unknown> {
  const card = await readFile(path.join(localFolder(), 'net', 'card.json'), 'utf8');
  return (JSON.parse(card) as { input: unknown }).input;
}

async function answer(terminal: GraftAtTerminal, answers: readonly [question: string, keys: string][]) {
  for (const [question, keys] of answers) {
    await terminal.shown(question);
    terminal.type(keys);
  }
  return terminal.ended();
}

beforeAll(async () => {
  files = { open: await networkFile('open'), stated: await networkFile('stated') };
});
beforeEach(async () => {
  dataDir = await temporaryFolder();
});

describe.skipIf(!hasTerminal)('graft zoo add on a terminal', () => {
  it('asks for what nobody stated until it can be read, and Enter takes the common value', async () => {
    const { code, screen } = await answer(addAtTerminal('open', '--channels', 'bgr'), [
      ['[224]: ', `large${ENTER}`],
      ['large cannot be read; an answer looks like this: 224 [224]: ', `16${ENTER}`],
      ['[1/255]: ', ENTER],
      ['[0.485,0.456,0.406]: ', `0.5${ENTER}`],
      ['[0.229,0.224,0.225]: ', `0${ENTER}`],
      ['0 cannot be read', `0.5,0.25,0.5${ENTER}`],
      ['[crop]: ', `Squish${ENTER}`],
      ['[linear]: ', ENTER],
    ]);
    expect({ code, screen }).toMatchObject({ code: 0, screen: expect.stringContaining('net is in the zoo') });
    expect(screen).not.toContain('Nobody stated channels');
    expect(screen).not.toContain('order of the colours');
    expect(await inputOfCard()).toEqual({
      ...COMMON,
      width: 16,
      height: 16,
      layout: 'nchw',
      channels: 'bgr',
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.25, 0.5],
      resize: 'squish',
    });
  });

  it('takes answers that are pasted all at once', async () => {
    const pasted = ['1', '0', '1', 'bgr', 'squish', 'cubic'].map((line) => line + ENTER).join('');
    expect(await answer(addAtTerminal('stated'), [['[1/255]: ', pasted]])).toMatchObject({ code: 0 });
    const said = { scale: 1, mean: [0, 0, 0], std: [1, 1, 1], channels: 'bgr', resize: 'squish' };
    expect(await inputOfCard()).toMatchObject({ ...said, kernel: 'cubic' });
  });

  it.each([
    ['Ctrl-C', '\x03'],
    ['the end of the input', '\x04'],
  ])('leaves nothing behind after %s', async (_name, keys) => {
    const { code, screen } = await answer(addAtTerminal('stated'), [
      ['[1/255]: ', ENTER],
      ['[0.485,0.456,0.406]: ', keys],
    ]);
    expect({ code, screen }).toMatchObject({
      code: 130,
      screen: expect.stringContaining('Nothing was added.'),
    });
    expect(await readdir(localFolder()).catch(() => [])).toEqual([]);
  });

  it.each([['--yes'], ['--json']])('asks nothing with %s', async (flag) => {
    const { code, screen } = await addAtTerminal('stated', flag).ended();
    expect({ code, asked: screen.includes('Enter alone') }).toEqual({ code: 0, asked: false });
    expect(await inputOfCard()).toMatchObject(COMMON);
  });
});

it('asks nothing where there is no terminal, and names what it took', async () => {
  const args = ['zoo', 'add', files.stated, '--data-dir', dataDir];
  const { code, stdout } = await graft(args, environment());
  expect({ code, stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Nobody stated channels, scale, mean, std, resize, kernel'),
  });
  expect(await inputOfCard()).toMatchObject(COMMON);
});

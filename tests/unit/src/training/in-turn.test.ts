import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { extractInTurn } from '../../../../src/training/compute/in-turn.js';
import { openShelf } from '../../../../src/training/compute/pass.js';
import type { ComputePicture, FeaturesTask } from '../../../../src/training/compute/protocol.js';
import { writeModel } from '../../../../zoo/graph/model-file.js';
import {
  getBackbone,
  installBackbone,
  startDeadline,
  type InstalledBackbone,
} from '../../../../zoo/index.js';
import { temporaryFolder } from '../../zoo/backbones/installed.js';
import { NetworkWriter } from '../../zoo/graph/small-networks.js';

const SIDE = 16;
/** Three chunks of pictures, the last one small. */
const PICTURES = 130;
const CHUNK = 64;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function install(id: string, width: number): Promise<InstalledBackbone> {
  const net = new NetworkWriter(SIDE);
  const last = net.block(net.block('x', 'a', [3, 4]), 'b', [4, width]);
  const bytes = writeModel(net.model(net.classifier(last, width)));
  const folder = await temporaryFolder();
  const file = path.join(folder, `${id}.onnx`);
  await writeFile(file, bytes);
  const { input, ...card } = getBackbone('nsfwjs-mobilenet-v2');
  const weights = { kind: 'onnx-file' as const, path: file, bytes: bytes.length, sha256: sha256(bytes) };
  const own: typeof input = { ...input, width: SIDE, height: SIDE, layout: 'nchw' };
  return installBackbone({ ...card, id, title: id, input: own, weights }, folder);
}

async function paint(folder: string, i: number): Promise<ComputePicture> {
  const background = { r: i, g: 255 - i, b: 99 };
  const bytes = await sharp({ create: { width: SIDE, height: SIDE, channels: 3, background } })
    .png()
    .toBuffer();
  const file = path.join(folder, `${i}.png`);
  await writeFile(file, bytes);
  return {
    ...{ id: String(i), sha256: sha256(bytes), path: file, label: 0, fold: 0 },
    ...{ group: String(i), own: true, doubt: null },
  };
}

let installed: InstalledBackbone[];
let pictures: ComputePicture[];
beforeAll(async () => {
  installed = [await install('weak', 4), await install('best', 6), await install('fair', 8)];
  const folder = await temporaryFolder();
  pictures = await Promise.all(Array.from({ length: PICTURES }, (_, i) => paint(folder, i)));
});

const taskIn = async (cacheDir?: string): Promise<FeaturesTask> => ({
  ...{ kind: 'features', modality: 'image', unlabelled: [], zooMirror: null, dropped: [] },
  ...{ threads: 1, memoryMb: 2000, provider: 'cpu', part: 'all', acrossSizes: false, augment: false },
  cacheDir: cacheDir ?? (await temporaryFolder()),
  pixelsDir: await temporaryFolder(),
  backbones: ['weak', 'best', 'fair'],
  bestFirst: ['best', 'fair', 'weak'],
  cap: { maxLatencyMs: null, maxBytes: null },
  leftMs: null,
  pictures,
});

/** Passes when it was asked so many times; the first backbone does not ask. */
function after(questions: number) {
  let asked = 0;
  return startDeadline({ budgetMs: questions, now: () => asked++ });
}
const never = startDeadline({ budgetMs: null, now: () => 0 });

async function doneOf(task: FeaturesTask): Promise<Record<string, number>> {
  const hashes = pictures.map((picture) => picture.sha256);
  const done: Record<string, number> = {};
  for (const one of installed)
    done[one.card.id] = PICTURES - (await openShelf(task.cacheDir, one)).missing(hashes).length;
  return done;
}

describe('extraction within a time limit', () => {
  it('finishes the best, goes on with the next until the time is over, and names what it left', async () => {
    const task = await taskIn();
    const told: (string | undefined)[] = [];
    // Asked before the second backbone, before its first chunk, and before its second.
    const late = await extractInTurn(task, installed, (_, __, note) => told.push(note), after(3));
    expect(await doneOf(task)).toEqual({ best: PICTURES, fair: CHUNK, weak: 0 });
    expect(late.map(({ backbone }) => backbone)).toEqual(['fair', 'weak']);
    expect(late[0]?.reason).toMatch(/left no time for it: 64 of 130 pictures/);
    expect(new Set(told.map((note) => note?.split(',')[0]))).toEqual(new Set(['best', 'fair']));
  });

  it('finishes the best alone when there never was time', async () => {
    const task = await taskIn();
    const late = await extractInTurn(task, installed, () => undefined, after(0));
    expect(await doneOf(task)).toEqual({ best: PICTURES, fair: 0, weak: 0 });
    expect(late).toHaveLength(2);
  });

  it('leaves none that the cache has, late as it is, and goes on where an earlier attempt was', async () => {
    const task = await taskIn();
    await extractInTurn(task, installed, () => undefined, after(3));
    expect(await extractInTurn(task, installed, () => undefined, after(0))).toMatchObject([
      { backbone: 'fair', reason: expect.stringContaining('64 of 130') as string },
      { backbone: 'weak' },
    ]);
    expect(await extractInTurn(task, installed, () => undefined, never)).toEqual([]);
    expect(await extractInTurn(task, installed, () => undefined, after(0))).toEqual([]);
  });

  it('does not finish a share of another backbone than the best', async () => {
    const share = { ...(await taskIn()), part: 'backbones' as const };
    const [weak] = installed.filter(({ card }) => card.id === 'weak');
    const late = await extractInTurn(share, [weak as InstalledBackbone], () => undefined, after(0));
    expect(late.map(({ backbone }) => backbone)).toEqual(['weak']);
    expect(await doneOf(share)).toEqual({ best: 0, fair: 0, weak: 0 });
  });
});

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { onePass, openShelf, type PassTask } from '../../../src/training/compute/pass.js';
import { floats, node, type Model } from '../../../zoo/graph/model.js';
import { writeModel } from '../../../zoo/graph/model-file.js';
import { OutOfMemoryError, type InstalledBackbone } from '../../../zoo/index.js';
import { openSession } from '../../../zoo/runtimes/onnx.js';
import { temporaryFolder } from '../../unit/zoo/backbones/installed.js';
import { greedy, SIDE } from '../../unit/zoo/features/greedy.js';

const PRLIMIT = '/usr/bin/prlimit';
const canLimit = existsSync(PRLIMIT) && existsSync('/proc/self/status');
if (!canLimit) console.warn('SKIPPED: no prlimit here; on Debian: apt-get install util-linux');

const MB = 1_000_000;
const limitTo = (soft: string): void =>
  void execFileSync(PRLIMIT, ['--pid', String(process.pid), `--as=${soft}:`]);

/** Bytes of address space that this process has taken. */
function taken(): number {
  const kib = /^VmSize:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return 1024 * Number(kib);
}

/** Does something while this process gets no more than so many further bytes from the system. */
async function within<T>(bytes: number, work: () => Promise<T>): Promise<T> {
  limitTo(String(Math.round(taken() + bytes)));
  try {
    return await work();
  } finally {
    limitTo('unlimited');
  }
}

/** Two dense layers of so many weights each. */
function heavy(weights: number): Uint8Array {
  const wide = weights / 4;
  const constants = [
    floats('in', [4, wide], new Float32Array(weights)),
    floats('out', [wide, 4], new Float32Array(weights)),
  ];
  const model: Model = {
    ...{ irVersion: 8, opsets: { '': 13 }, producer: 'test', metadata: {}, functions: [] },
    inputs: [{ name: 'x', type: 'float32', dims: ['N', 4] }],
    outputs: [{ name: 'y', type: 'float32', dims: ['N', 4] }],
    nodes: [node('MatMul', ['x', 'in'], 'hidden'), node('MatMul', ['hidden', 'out'], 'y')],
    constants: new Map(constants.map((constant) => [constant.name, constant])),
  };
  return writeModel(model);
}

describe.runIf(canLimit)('a process that gets no more memory', () => {
  it('is told so when a model is opened, not that the model is refused', async () => {
    await (await openSession(heavy(64))).close();
    const model = heavy(24_000_000);
    await within(64 * MB, () =>
      expect(openSession(model)).rejects.toThrow(
        expect.toSatisfy(
          (error) =>
            error instanceof OutOfMemoryError && /to open the model on cpu: .*bad_alloc/.test(error.message),
        ),
      ),
    );
    await (await openSession(model)).close();
  });

  describe('in a pass', () => {
    /** Floats that each network takes for a picture: 256 MiB, which its session keeps until it is closed. */
    const ROOM = 2 ** 26;
    const NEED = 4 * ROOM;
    let both: InstalledBackbone[];
    let picture: { sha256: string; path: string };

    const taskOf = async (): Promise<PassTask> => {
      const cacheDir = await temporaryFolder();
      return { cacheDir, threads: 1, provider: 'cpu', pixelsDir: await temporaryFolder() };
    };
    const pass = (task: PassTask, some: readonly InstalledBackbone[]): Promise<number> =>
      onePass(
        task,
        some.map((installed) => ({ installed, batchSize: 1 })),
        [picture],
        () => undefined,
      );
    const isDone = async ({ cacheDir }: PassTask, one: InstalledBackbone): Promise<boolean> =>
      (await openShelf(cacheDir, one)).missing([picture.sha256]).length === 0;

    beforeAll(async () => {
      both = [await greedy(0, ROOM, 'first'), await greedy(0, ROOM, 'second')];
      const background = { r: 9, g: 99, b: 200 };
      const bytes = await sharp({ create: { width: SIDE, height: SIDE, channels: 3, background } })
        .png()
        .toBuffer();
      picture = {
        sha256: createHash('sha256').update(bytes).digest('hex'),
        path: path.join(await temporaryFolder(), 'one.png'),
      };
      await writeFile(picture.path, bytes);
      // Threads and libraries take their address space before it is limited.
      await pass(await taskOf(), both.slice(0, 1));
    });

    it('there is room for one network at a time, they go one after the other', async () => {
      const task = await taskOf();
      await within(1.6 * NEED, () => pass(task, both));
      expect([await isDone(task, both[0]!), await isDone(task, both[1]!)]).toEqual([true, true]);
    });

    it('there is room for none, it is named with what it needs and what to do', async () => {
      const task = await taskOf();
      await within(0.6 * NEED, () =>
        expect(pass(task, both)).rejects.toMatchObject({
          code: 'not-enough-memory',
          message: expect.stringMatching(
            /^first needs about \d+ MB for one picture, and memory ran out/,
          ) as string,
          fix: expect.stringContaining('--backbone') as string,
        }),
      );
      expect(await isDone(task, both[0]!)).toBe(false);
    });
  });
});

import pLimit from 'p-limit';
import { describe, expect, it } from 'vitest';
import { PictureBatcher, type BatchModel } from '../../../../src/serving/inference/picture-batcher.js';

/** A model whose every step is let go by hand; a picture's only byte is its answer. */
function lab(maxBatch: number, maxWaitMs = 60_000) {
  const batches: number[][] = [];
  const runs: (() => void)[] = [];
  const decodes = new Map<number, (error?: Error) => void>();
  const model: BatchModel = {
    prepare: (picture) =>
      new Promise((resolve, reject) => {
        decodes.set(picture[0] ?? 0, (error) => (error ? reject(error) : resolve(picture)));
      }),
    look: async (pixels) => {
      batches.push(pixels.map((picture) => picture[0] ?? 0));
      await new Promise<void>((resolve) => runs.push(resolve));
      return pixels.map((picture) => ({ row: Float32Array.of(picture[0] ?? 0), sketch: null }));
    },
  };
  const batcher = new PictureBatcher(model, { maxBatch, maxWaitMs, decoding: pLimit(100) });
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const send = async (...ids: number[]): Promise<Promise<number | undefined>[]> => {
    const answers = ids.map(async (id) => (await batcher.predict(Uint8Array.of(id))).row[0]);
    await settle();
    return answers;
  };
  const decoded = async (...ids: number[]): Promise<void> => {
    for (const id of ids) decodes.get(id)?.();
    await settle();
  };
  const finish = async (): Promise<void> => {
    runs.shift()?.();
    await settle();
  };
  return { batches, decodes, send, decoded, finish, settle };
}

describe('PictureBatcher', () => {
  it('runs a lone picture at once, and what gathers meanwhile together', async () => {
    const { batches, send, decoded, finish } = lab(4);
    const [one] = await send(1);
    await decoded(1);
    expect(batches).toEqual([[1]]);
    const others = await send(2, 3, 4, 5, 6);
    await decoded(2, 3, 4, 5, 6);
    expect(batches).toEqual([[1]]);
    await finish();
    expect(batches).toEqual([[1], [2, 3, 4, 5]]);
    await finish();
    await finish();
    expect(batches).toEqual([[1], [2, 3, 4, 5], [6]]);
    expect(await Promise.all([one, ...others])).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('waits for pictures that are being decoded, until the batch is full or nobody is on the way', async () => {
    const { batches, send, decoded } = lab(2);
    void (await send(1, 2, 3));
    await decoded(1);
    expect(batches).toEqual([]);
    await decoded(2);
    expect(batches).toEqual([[1, 2]]);
  });

  it('waits no longer than its bound for a slow decode', async () => {
    const { batches, send, decoded, finish } = lab(4, 1);
    const [one] = await send(1, 2);
    await decoded(1);
    await expect.poll(() => batches).toEqual([[1]]);
    await finish();
    expect(await one).toBe(1);
  });

  it('does not wait for a picture that turns out to be none', async () => {
    const { batches, decodes, send, decoded, settle } = lab(4);
    const [, bad] = await send(1, 2);
    const failed = expect(bad).rejects.toThrow('corrupt');
    await decoded(1);
    decodes.get(2)?.(new Error('corrupt'));
    await failed;
    await settle();
    expect(batches).toEqual([[1]]);
  });
});

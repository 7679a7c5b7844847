import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { BodyBuffer } from '../../../../crawlers/http/body-buffer.js';
import { SlabPool } from '../../../../crawlers/http/slab-pool.js';

const MIB = 1024 * 1024;
const { signal } = new AbortController();

describe('SlabPool', () => {
  it('lends so many at once, and the next when one is complete', async () => {
    const pool = new SlabPool(16, 2);
    const first = pool.take(signal);
    expect(pool.take(signal)).not.toBe(first);
    const third = pool.take(signal);
    expect(first).toBeInstanceOf(Buffer);
    expect(third).toBeInstanceOf(Promise);
    pool.complete();
    expect(await third).toHaveLength(16);
  });

  it('uses again what was given back, never one twice at a time', async () => {
    const pool = new SlabPool(16, 2);
    const slab = await pool.take(signal);
    pool.complete();
    pool.giveBack(slab);
    pool.giveBack(slab);
    expect(await pool.take(signal)).toBe(slab);
    expect(await pool.take(signal)).not.toBe(slab);
  });

  it('forgets those who gave up waiting', async () => {
    const pool = new SlabPool(16, 1);
    const abort = new AbortController();
    await pool.take(signal);
    const given = pool.take(abort.signal);
    const after = pool.take(signal);
    abort.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    pool.complete();
    expect(await after).toHaveLength(16);
    pool.complete();
    await turn();
    expect(pool.take(signal)).toBeInstanceOf(Buffer);
  });
});

describe('BodyBuffer', () => {
  const fill = async (buffer: BodyBuffer, chunks: readonly Uint8Array[]): Promise<void> => {
    for (const chunk of chunks) {
      await buffer.reserve(chunk.length, signal);
      buffer.append(chunk);
    }
  };

  it.each([
    ['announced', 5000, 5000],
    ['not announced', null, 5000],
    ['large and announced', 3 * MIB, 3 * MIB],
    ['large and not announced', null, 3 * MIB],
    ['exactly as large as allowed', null, 4 * MIB],
  ])('gives back what was put in: %s', async (_name, announced, size) => {
    const body = Buffer.from(Uint8Array.from({ length: size }, (_, at) => at % 251));
    const chunks = Array.from({ length: Math.ceil(size / 60_000) }, (_, at) =>
      body.subarray(60_000 * at, 60_000 * (at + 1)),
    );
    const buffer = new BodyBuffer(new SlabPool(4 * MIB, 1), announced, 4 * MIB);
    await fill(buffer, chunks);
    const { bytes, release } = buffer.finish();
    expect(body.equals(bytes)).toBe(true);
    expect(release !== undefined).toBe(size > MIB);
  });

  it('takes no slab for a promise', () => {
    const pool = new SlabPool(4 * MIB, 1);
    const promising = new BodyBuffer(pool, 4 * MIB, 4 * MIB);
    expect(promising.reserve(1000, signal)).toBeNull();
    expect(pool.take(signal)).toBeInstanceOf(Buffer);
  });

  it('frees the slab of a body that is dropped', async () => {
    const pool = new SlabPool(4 * MIB, 1);
    const buffer = new BodyBuffer(pool, null, 4 * MIB);
    await fill(buffer, [Buffer.alloc(2 * MIB)]);
    const next = pool.take(signal);
    buffer.drop();
    expect(await next).toHaveLength(4 * MIB);
  });
});

import { describe, expect, it } from 'vitest';
import { ByteCache } from '../../../../src/gallery/byte-cache.js';

const bytes = (length: number): Buffer => Buffer.alloc(length, 1);

describe('ByteCache', () => {
  it('drops what was not used for longest once it holds too many bytes', () => {
    const cache = new ByteCache(10);
    cache.set('a', bytes(4));
    cache.set('b', bytes(4));
    cache.get('a');
    cache.set('c', bytes(4));
    expect(['a', 'b', 'c'].map((key) => cache.get(key)?.length)).toEqual([4, undefined, 4]);
    expect(cache.sizeBytes).toBe(8);
  });

  it('does not keep what is larger than the cache, nor empty itself for it', () => {
    const cache = new ByteCache(10);
    cache.set('a', bytes(4));
    cache.set('b', bytes(11));
    expect(cache.get('b')).toBeUndefined();
    expect(cache.sizeBytes).toBe(4);
  });

  it('counts an entry that is set again once', () => {
    const cache = new ByteCache(10);
    cache.set('a', bytes(4));
    cache.set('a', bytes(6));
    expect(cache.sizeBytes).toBe(6);
  });
});

import { describe, expect, it } from 'vitest';
import { inBatches } from '../../../web/src/lib/batches';
import { folderOf } from '../../../web/src/lib/dropped-files';
import { createFormat } from '../../../web/src/lib/format';
import { rateOf, timeLeftMs } from '../../../web/src/lib/flow';
import { textOf } from '../../../web/src/lib/search-params';

describe('own pictures', () => {
  it.each([
    ['pets/cat/1.jpg', 'cat'],
    ['/cat/1.jpg', 'cat'],
    ['1.jpg', null],
    ['', null],
  ])('takes %j for the category %j', (path, folder) => {
    expect(folderOf(path)).toBe(folder);
  });

  it('goes in requests of at most a hundred files and 32 MiB, a larger file alone', () => {
    const mib = 1024 * 1024;
    const sizes = [20 * mib, 10 * mib, 10 * mib, 50 * mib, 1];
    expect(inBatches(sizes, (size) => size)).toEqual([[20 * mib, 10 * mib], [10 * mib], [50 * mib], [1]]);
    expect(
      inBatches(
        Array.from({ length: 250 }, () => 1),
        (size) => size,
      ).map((batch) => batch.length),
    ).toEqual([100, 100, 50]);
  });
});

describe('numbers as people read them', () => {
  const f = createFormat('en');
  it('names sizes and times in the unit that fits', () => {
    expect([0, 999, 1500, 2_500_000].map(f.bytes)).toEqual(['0 byte', '999 byte', '2 kB', '2.5 MB']);
    expect([1500, 59_000, 61_000, 3_660_000].map(f.duration)).toEqual([
      '1.5 sec',
      '59 sec',
      '1 min 1 sec',
      '1 hr 1 min',
    ]);
  });
  it('tells apart times below a tenth of a millisecond', () => {
    expect([0.012, 0.3, 4.26, 31.4].map(f.latency)).toEqual(['0.012 ms', '0.3 ms', '4.3 ms', '31 ms']);
  });

  it('says nothing of the rate of a stage before there is one', () => {
    expect(rateOf({ done: 0, elapsedMs: 10_000 })).toBeNull();
    expect(rateOf({ done: 5, elapsedMs: 100 })).toBeNull();
    expect(rateOf({ done: 20, elapsedMs: 10_000 })).toBe(2);
    expect(timeLeftMs({ done: 20, total: 30, elapsedMs: 10_000 })).toBe(5000);
    expect(timeLeftMs({ done: 30, total: 30, elapsedMs: 10_000 })).toBeNull();
  });
});

describe('the address bar', () => {
  it('reads a query that looks like a number as a text', () => {
    expect(textOf({ query: 7 }, 'query')).toBe('7');
    expect(textOf({ query: ['7'] }, 'query')).toBeUndefined();
  });
});

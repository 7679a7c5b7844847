import { describe, expect, it } from 'vitest';
import { BatchSize } from '../../../../zoo/features/batch-size.js';

/** Takes pictures until all are through; a pass costs what `msOf` says. @returns the sizes of the passes */
function take(sizes: BatchSize, pictures: number, msOf: (size: number) => number): number[] {
  const passes: number[] = [];
  for (let left = pictures; left > 0;) {
    const size = sizes.next(left);
    sizes.took(size, msOf(size));
    passes.push(size);
    left -= size;
  }
  return passes;
}

describe('a batch size', () => {
  it('is tried on the first pictures and then the fastest', () => {
    const sizes = new BatchSize(32, true);
    expect(take(sizes, 128, (size) => (size === 16 ? 10 : 20) * size)).toEqual([
      4, 4, 8, 16, 32, 16, 16, 16, 16,
    ]);
  });

  it('stays small where larger ones save next to nothing', () => {
    const sizes = new BatchSize(32, true);
    take(sizes, 64, (size) => (size === 32 ? 9.9 : 10) * size);
    expect(sizes.next(100)).toBe(4);
  });

  it('is sought among large ones where there is room for them', () => {
    const sizes = new BatchSize(256, true);
    expect(take(sizes, 1024, () => 1)).toEqual([32, 32, 64, 128, 256, 256, 256]);
    expect([sizes.ranOut(256), sizes.next(512)]).toEqual([true, 128]);
  });

  it('is found among large ones below the largest, and down to the usual ones where memory runs out', () => {
    const sizes = new BatchSize(256, true);
    const ranOut = [sizes.next(512), sizes.ranOut(32), sizes.next(512)];
    expect(ranOut).toEqual([32, true, 8]);
    const fastest = new BatchSize(256, true);
    take(fastest, 512, (size) => (size === 64 ? 1 : 2) * size);
    expect(fastest.next(1000)).toBe(64);
  });

  it('forgets how slow the first pass was: it warmed up', () => {
    const sizes = new BatchSize(8, true);
    let passes = 0;
    take(sizes, 16, (size) => (passes++ === 0 ? 1000 : size === 4 ? 10 * size : 20 * size));
    expect(sizes.next(100)).toBe(4);
  });

  it('is the best of those tried where there are too few pictures to try the next', () => {
    const sizes = new BatchSize(256, true);
    expect(take(sizes, 200, () => 1)).toEqual([32, 32, 64, 64, 8]);
  });

  it('is the usual one until there were pictures enough to try', () => {
    const sizes = new BatchSize(32, true);
    expect(sizes.next(3)).toBe(3);
    expect(new BatchSize(32, false).next(100)).toBe(8);
    expect(new BatchSize(2, true).next(100)).toBe(2);
  });

  it('is halved when memory runs out, and never grows back', () => {
    const sizes = new BatchSize(32, true);
    take(sizes, 32, (size) => 100 / size);
    expect(sizes.next(64)).toBe(32);
    expect(sizes.ranOut(32)).toBe(true);
    expect(sizes.next(64)).toBe(16);
    expect(sizes.ranOut(16)).toBe(true);
    expect(sizes.ranOut(8)).toBe(true);
    expect([sizes.next(64), sizes.ranOut(4), sizes.next(64), sizes.ranOut(2), sizes.next(64)]).toEqual([
      4,
      true,
      2,
      true,
      1,
    ]);
    expect(sizes.ranOut(1)).toBe(false);
  });
});

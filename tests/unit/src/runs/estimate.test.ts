import { describe, expect, it } from 'vitest';
import { estimate, type PastRun } from '../../../../src/runs/estimate.js';

const easy: PastRun = {
  candidates: 100,
  kept: 80,
  bytes: 1_000_000,
  fetched: 100,
  backbones: 5,
  collectMs: 8000,
  searchMs: 40_000,
};
const hard: PastRun = { ...easy, candidates: 200, kept: 50, collectMs: 10_000 };
const asked = { categories: 2, imagesPerCategory: 40, own: 0, backbones: 5 };

describe('what a run will take', () => {
  it('says nothing before a run has finished', () => {
    expect(estimate(asked, [])).toEqual({ runs: 0, downloads: null, bytes: null, ms: null });
    expect(estimate(asked, [{ ...easy, kept: 0 }]).ms).toBeNull();
  });

  it('takes as long again as the run before, when it is the same', () => {
    expect(estimate(asked, [easy])).toEqual({
      runs: 1,
      downloads: { low: 100, high: 100 },
      bytes: { low: 1_000_000, high: 1_000_000 },
      ms: { low: 48_000, high: 48_000 },
    });
  });

  it('reaches from the easiest run to the hardest', () => {
    const { downloads, ms } = estimate(asked, [easy, hard]);
    expect(downloads).toEqual({ low: 100, high: 320 });
    expect(ms?.low).toBe(48_000);
    expect(ms?.high).toBe(16_000 + 64_000);
  });

  it('downloads nothing for own pictures, and takes a fifth of the search for one backbone of five', () => {
    const { downloads, ms } = estimate({ categories: 2, imagesPerCategory: 0, own: 80, backbones: 1 }, [
      easy,
    ]);
    expect(downloads).toEqual({ low: 0, high: 0 });
    expect(ms).toEqual({ low: 16_000, high: 16_000 });
  });
});

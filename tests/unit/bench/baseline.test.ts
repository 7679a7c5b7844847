import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compare, readBaseline, render, writeBaseline } from '../../../bench/baseline.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const DISK = 'fetch to disk: Graft / aria2c';
const HEADS = 'heads: search and selection / features, time';
const results = (disk: number | null, share: number) => ({
  fetch: { disk: { ratio: disk } },
  heads: { share },
});

describe('the baseline of the benchmarks', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    folder = await temporaryFolder();
  });
  afterAll(() => folder.remove());

  it('tells what moved, and which way is better', () => {
    const verdicts = (disk: number | null, share: number) =>
      compare(results(disk, share), { [DISK]: 1, [HEADS]: 0.02 }).map(({ verdict }) => verdict);
    expect(verdicts(1.05, 0.0201)).toEqual(['same', 'same']);
    expect(verdicts(1.2, 0.03)).toEqual(['better', 'worse']);
    expect(verdicts(0.8, 0.01)).toEqual(['worse', 'better']);
    expect(verdicts(null, 0.02)).toEqual(['same']);
  });

  it('is written with what was measured, and keeps what was not', async () => {
    const file = join(folder.path, 'baseline.json');
    expect(await readBaseline(file)).toEqual({});
    await writeBaseline(compare(results(1.23456, 0.02), {}), file);
    await writeBaseline(compare({ heads: { share: 0.03 } }, await readBaseline(file)), file);
    expect(await readBaseline(file)).toEqual({ [DISK]: 1.235, [HEADS]: 0.03 });
  });

  it('prints what moved first', () => {
    const lines = render(compare(results(0.5, 0.02), { [DISK]: 1, [HEADS]: 0.02 })).split('\n');
    expect(lines[1]).toMatch(/worse +0\.500 \(baseline 1\.000\) +fetch to disk/);
    expect(lines[2]).toContain('same');
  });
});

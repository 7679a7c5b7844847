import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { openExtractor, type InstalledBackbone } from '../../zoo/index.js';
import { answer, peakRssBytes } from '../child.js';

/** A network, and how many pictures at a time go through it. */
export interface MemoryQuestion {
  readonly installed: InstalledBackbone;
  readonly batchSize: number;
}

/** Every size up to the largest is tried once, the first of them twice, and the largest goes on. */
const ROUNDS = 4;

async function residentBytes(): Promise<number> {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1];
  return 1024 * Number(kib);
}

/** Bytes that opening a network and putting pictures through all of its taps take beyond what was there before, at the most. */
answer(async ({ installed, batchSize }: MemoryQuestion) => {
  const before = await residentBytes();
  const extractor = await openExtractor(installed, { batchSize, now: () => performance.now() });
  const { width, height } = installed.card.input;
  const picture = new Uint8Array(width * height * 3).fill(127);
  await extractor.run(Array.from({ length: ROUNDS * batchSize }, () => picture));
  await extractor.close();
  return (await peakRssBytes()) - before;
});

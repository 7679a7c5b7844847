import { estimateBytes, type InstalledBackbone } from '../../zoo/index.js';
import { ask, endChild, startChild } from '../child.js';
import type { MemoryQuestion } from './memory-child.js';

const BATCH_SIZES = [4, 16];
const MB = 1_000_000;

/** What a network was thought to need before the long pass, and what a process of its own then held at its peak. */
export interface MemoryRow {
  readonly backbone: string;
  readonly batchSize: number;
  readonly estimateMb: number;
  readonly measuredMb: number;
  /** Estimate by measure. Aim: 0.9 to 3. */
  readonly ratio: number;
}

async function measure(question: MemoryQuestion): Promise<MemoryRow> {
  const child = startChild('search/memory-child');
  try {
    const { installed, batchSize } = question;
    const [estimate, measured] = [estimateBytes(installed, batchSize), await ask<number>(child, question)];
    return {
      ...{ backbone: installed.card.id, batchSize, ratio: estimate / measured },
      ...{ estimateMb: estimate / MB, measuredMb: measured / MB },
    };
  } finally {
    await endChild(child);
  }
}

const lineOf = ({ backbone, batchSize, estimateMb, measuredMb, ratio }: MemoryRow): string =>
  `| ${backbone} | ${batchSize} | ${estimateMb.toFixed(0)} | ${measuredMb.toFixed(0)} | ${ratio.toFixed(2)} |`;

/** The estimate of the memory that a pass takes beside what it takes, each network in a process of its own. Linux only. */
export async function measureMemory(backbones: readonly InstalledBackbone[]): Promise<MemoryRow[]> {
  const rows: MemoryRow[] = [];
  for (const installed of backbones)
    for (const batchSize of BATCH_SIZES) {
      const row = await measure({ installed, batchSize });
      process.stderr.write(`${lineOf(row)}\n`);
      rows.push(row);
    }
  return rows;
}

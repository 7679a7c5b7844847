import { availableMemory } from 'node:process';
import { estimateBytes, fitBatch, groupWithin, type InstalledBackbone } from '../../../zoo/index.js';
import { GraftError } from '../../runs/errors.js';

const MB = 1_000_000;
/** The rest is for pictures on their way, and for everybody else. */
const DEFAULT_SHARE = 0.75;
/** Pictures a pass that are worth a pass of their own over the pictures. */
const DECENT_BATCH = 8;

/** Bytes that backbones at work may take together. */
export const memoryLimit = ({ memoryMb }: { readonly memoryMb: number | null }): number =>
  memoryMb === null ? DEFAULT_SHARE * availableMemory() : memoryMb * MB;

/** A backbone, and how many pictures at a time there is room for. */
export interface Seat {
  readonly installed: InstalledBackbone;
  readonly batchSize: number;
}

/**
 * Deals backbones into passes over the pictures: all in one where there is room for them, so that each picture is decoded once.
 *
 * @throws GraftError naming a backbone that does not even have room for one picture by itself
 */
export function planPasses(backbones: readonly InstalledBackbone[], mostBytes: number): Seat[][] {
  const needOf = (one: InstalledBackbone): number => estimateBytes(one, DECENT_BATCH);
  return groupWithin(backbones, needOf, mostBytes).map((group) => {
    const needs = group.map(needOf);
    const spare = mostBytes - needs.reduce((sum, need) => sum + need, 0);
    return group.map((installed, i) => {
      const batchSize = fitBatch(installed, (needs[i] as number) + spare / group.length);
      if (batchSize === null) throw tooLarge(installed, mostBytes);
      return { installed, batchSize };
    });
  });
}

const mb = (bytes: number): number => Math.ceil(bytes / MB);

/** What a person reads when the runtime got no memory for one backbone by itself. */
export const outOfMemory = (installed: InstalledBackbone, cause: Error): GraftError =>
  new GraftError({
    code: 'not-enough-memory',
    message: `${installed.card.title} needs about ${mb(estimateBytes(installed, 1))} MB for one picture, and memory ran out. ${cause.message}`,
    fix: 'Free memory on this machine, or search without it (--backbone names the others), then resume the run.',
    status: 507,
  });

function tooLarge(installed: InstalledBackbone, mostBytes: number): GraftError {
  return new GraftError({
    code: 'not-enough-memory',
    message: `${installed.card.title} needs about ${mb(estimateBytes(installed, 1))} MB for one picture; ${mb(mostBytes)} MB may be taken.`,
    fix: `Search without it (--backbone names the others), or allow more with GRAFT_MEMORY_MB.`,
    status: 507,
  });
}

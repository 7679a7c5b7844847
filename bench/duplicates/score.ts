import type { BenchFile } from './photos.js';
import type { Grouping } from './peers.js';

/** Of the copies made by one transform. */
export interface Score {
  readonly copies: number;
  /** Share of the copies that are in one group with their original, or a twin of it. */
  readonly recall: number;
  /** Of the copies that are in a group with any original: share that are in one with theirs. 1 when there is none. */
  readonly precision: number;
}

/** Scores one grouping of originals and their copies by one transform. */
export function scoreCopies(
  files: readonly BenchFile[],
  grouping: Grouping,
  twin: (a: string, b: string) => boolean,
): Score {
  const originalsOf = new Map<string, string[]>();
  for (const { id, transform } of files) {
    const group = grouping.get(id) ?? id;
    if (transform === null) originalsOf.set(group, [...(originalsOf.get(group) ?? []), id]);
  }
  const copies = files.filter(({ transform }) => transform !== null);
  const withOriginals = copies.filter(({ id }) => originalsOf.has(grouping.get(id) ?? id));
  const right = withOriginals.filter(({ id, base }) =>
    originalsOf.get(grouping.get(id) ?? id)?.some((original) => original === base || twin(original, base)),
  );
  return {
    copies: copies.length,
    recall: right.length / copies.length,
    precision: withOriginals.length === 0 ? 1 : right.length / withOriginals.length,
  };
}

/** Pairs of different originals in one group (each with the one the group began with), twins left out. */
export function wrongOriginals(
  files: readonly BenchFile[],
  grouping: Grouping,
  twin: (a: string, b: string) => boolean,
): [string, string][] {
  const baseOf = new Map(files.map(({ id, base }) => [id, base]));
  return files
    .filter(({ transform }) => transform === null)
    .map(({ id }): [string, string] => [id, baseOf.get(grouping.get(id) ?? id) ?? id])
    .filter(([a, b]) => a !== b && !twin(a, b));
}

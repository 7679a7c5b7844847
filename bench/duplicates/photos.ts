import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../src/config/version.js';
import { TRANSFORMS, transformed } from './transforms.js';

export const PHOTOS = join(projectRoot(), '..', 'shared', 'photos');
const SETS = ['flowers', 'trash', 'caltech-a', 'near-dups', 'outliers'];

/** A picture of the benchmark: an original, or a copy of one. */
export interface BenchFile {
  readonly id: string;
  /** The original it comes from; its own id for an original. */
  readonly base: string;
  readonly transform: string | null;
  readonly bytes: Buffer;
}

/** One half of the photographs: thresholds are chosen on `tune`, figures come from `report`. */
export interface Half {
  readonly name: 'tune' | 'report';
  readonly files: readonly BenchFile[];
}

export function requirePhotos(): void {
  if (!existsSync(PHOTOS))
    throw new Error(`The duplicate benchmark needs the photographs of ${PHOTOS}, which is not there.`);
}

async function originals(): Promise<string[]> {
  const names: string[] = [];
  for (const set of SETS) {
    const entries = await readdir(join(PHOTOS, set), { withFileTypes: true });
    for (const folder of entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort())
      for (const file of (await readdir(join(PHOTOS, set, folder))).sort())
        names.push(`${set}/${folder}/${file}`);
  }
  return names;
}

/** Pictures known to be one: the listed pairs, and those found by any method and then looked at. */
export async function readTwins(): Promise<(a: string, b: string) => boolean> {
  const csv = await readFile(join(PHOTOS, 'near-dups', 'pairs.csv'), 'utf8');
  const listed = csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(',').slice(0, 2));
  const looked = JSON.parse(
    await readFile(join(projectRoot(), 'bench', 'duplicates', 'twins.json'), 'utf8'),
  ) as string[][];
  const group = new Map<string, string>();
  const rootOf = (id: string): string => {
    const up = group.get(id) ?? id;
    return up === id ? id : rootOf(up);
  };
  const pairs = [...listed.map((pair) => pair.map((file) => `near-dups/${file}`)), ...looked];
  for (const [a = '', b = ''] of pairs) group.set(rootOf(a), rootOf(b));
  return (a, b) => rootOf(a) === rootOf(b);
}

/** Both halves: every original, and of every `step`-th one its twelve copies. */
export async function readHalves(step: number): Promise<Half[]> {
  const names = await originals();
  const twin = await readTwins();
  const firstOf = (name: string): string =>
    names.find((other) => other === name || twin(other, name)) ?? name;
  const inTune = (name: string): boolean => names.indexOf(firstOf(name)) % 2 === 0;
  const half = async (name: Half['name'], own: readonly string[]): Promise<Half> => {
    const files: BenchFile[] = [];
    for (const [i, base] of own.entries()) {
      const bytes = await readFile(join(PHOTOS, base));
      files.push({ id: base, base, transform: null, bytes });
      if (i % step !== 0) continue;
      for (const transform of Object.keys(TRANSFORMS))
        files.push({
          id: `${base}#${transform}`,
          base,
          transform,
          bytes: await transformed(transform, bytes),
        });
    }
    return { name, files };
  };
  return [
    await half('tune', names.filter(inTune)),
    await half(
      'report',
      names.filter((name) => !inTune(name)),
    ),
  ];
}

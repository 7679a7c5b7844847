import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type DedupeItem, groupDuplicates } from '../../../../../src/dataset/dedupe/group-duplicates.js';
import { inspectImage } from '../../../../../src/dataset/inspect/inspect.js';

const root = path.resolve(import.meta.dirname, '../../../../../../shared/photos/near-dups');
const present = existsSync(path.join(root, 'pairs.csv'));
if (!present) console.warn(`SKIPPED: real near-duplicates were not checked, because ${root} is not there.`);

async function readItem(file: string): Promise<DedupeItem> {
  const result = await inspectImage(readFileSync(path.join(root, file)));
  if (!result.measures) throw new Error(`${file} could not be measured`);
  return { ...result.measures, id: file, category: null };
}

describe.skipIf(!present)('near-duplicates found on the web (../shared/photos/near-dups)', () => {
  let items: DedupeItem[] = [];
  beforeAll(async () => {
    const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const files = folders.flatMap(({ name }) =>
      readdirSync(path.join(root, name)).map((file) => `${name}/${file}`),
    );
    items = await Promise.all(files.map(readItem));
  });

  it('finds the resized and recompressed pairs, and no pair of unrelated photographs', () => {
    const rows = readFileSync(path.join(root, 'pairs.csv'), 'utf8').trim().split('\n').slice(1);
    const pairs = rows.map((row) => row.trim().split(','));
    const groupOf = new Map<string, string>();
    const groups = groupDuplicates(items);
    for (const { keeper, members } of groups)
      for (const id of [keeper, ...members.map((m) => m.id)]) groupOf.set(id, keeper);
    const together = (a = '', b = ''): boolean => groupOf.has(a) && groupOf.get(a) === groupOf.get(b);
    const copies = pairs.filter(([, , kind]) => kind === 'resized-or-recompressed');
    const missed = copies.filter(([a, b]) => !together(a, b));
    expect(copies).toHaveLength(25);
    expect(missed).toEqual([]);
    const stem = (file: string): string => file.replace(/_[ab]\.jpg$/, '');
    const wrong = groups.filter(({ keeper, members }) =>
      members.some((member) => stem(member.id) !== stem(keeper)),
    );
    expect(wrong).toEqual([]);
  });
});

import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRng, decodeImage, rasteriseSvg } from '../../../../../zoo/index.js';
import {
  type DedupeItem,
  droppedByGroups,
  groupDuplicates,
} from '../../../../../src/dataset/dedupe/group-duplicates.js';
import { formatHash, hammingDistance, parseHash } from '../../../../../src/dataset/dedupe/hash64.js';
import { DEFAULT_THRESHOLDS } from '../../../../../src/dataset/dedupe/settings.js';
import { inspectImage } from '../../../../../src/dataset/inspect/inspect.js';
import { type RgbImage } from '../../../../../src/dataset/inspect/grey.js';
import { measurePixels } from '../../../../../src/dataset/inspect/measure-pixels.js';
import { drawPhoto, recode } from '../pictures.js';

async function itemOf(id: string, bytes: Uint8Array, category: string | null = null): Promise<DedupeItem> {
  const result = await inspectImage(bytes);
  if (result.kind !== 'kept') throw new Error(`${id}: ${result.reason}`);
  return { ...result.measures, id, category };
}

/** The picture turned by 90 degrees, clockwise, pixel by pixel. */
function quarterTurn({ width, height, data }: RgbImage): RgbImage {
  const turned = new Uint8Array(data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++)
        turned[(x * height + (height - 1 - y)) * 3 + c] = data[(y * width + x) * 3 + c] ?? 0;
  return { width: height, height: width, data: turned };
}

const idsOf = (groups: ReturnType<typeof groupDuplicates>): string[][] =>
  groups.map((group) => [group.keeper, ...group.members.map((member) => member.id)].sort());

describe('groupDuplicates on generated photographs', () => {
  let original: Buffer;
  let item: DedupeItem;
  beforeAll(async () => {
    original = await drawPhoto({ seed: 11, width: 480, height: 360 });
    item = await itemOf('original', original);
  });

  it.each([
    ['jpeg of quality 30', () => recode(original, 480, 360, { format: 'jpeg', quality: 30 })],
    ['a quarter of the size', () => recode(original, 120, 90, { format: 'jpeg', quality: 85 })],
    ['webp', () => recode(original, 480, 360, { format: 'webp', quality: 60 })],
    ['greyscale', () => drawPhoto({ seed: 11, width: 480, height: 360 }, { grey: true })],
    ['a white border', () => drawPhoto({ seed: 11, width: 480, height: 360 }, { borderShare: 0.08 })],
  ])('finds a copy: %s', async (_, make) => {
    const copy = await itemOf('copy', await make());
    const groups = groupDuplicates([copy, item]);
    expect(idsOf(groups)).toEqual([['copy', 'original']]);
    expect(groups[0]?.members[0]).toMatchObject({ kind: 'near' });
    expect(groups[0]?.members[0]?.distance).toBeLessThanOrEqual(DEFAULT_THRESHOLDS.maxPhashDistance);
  });

  it('does not take pictures for copies that agree in their border and not inside it', async () => {
    const framed = await itemOf('framed', await drawPhoto({ seed: 12 }, { borderShare: 0.08 }));
    const inside = (await itemOf('other', await drawPhoto({ seed: 13 }, { borderShare: 0.08 }))).inner;
    expect(framed.inner).not.toBeNull();
    const pale = { ...framed, id: 'pale', sha256: 'pale', inner: inside };
    expect(groupDuplicates([framed, pale])).toEqual([]);
    // What is inside is the same, or the border is another one, so that only the whole can be compared.
    expect(groupDuplicates([framed, { ...pale, inner: framed.inner }])).toHaveLength(1);
    expect(groupDuplicates([framed, { ...pale, contentShare: 0.5 }])).toHaveLength(1);
  });

  it('tells different photographs apart', async () => {
    const items = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => itemOf(`photo-${i}`, await drawPhoto({ seed: 100 + i }))),
    );
    expect(groupDuplicates(items)).toEqual([]);
  });

  it('tells the same drawing in other colours apart, but not its greyscale copy', async () => {
    const [recoloured, grey] = await Promise.all([
      itemOf('recoloured', await drawPhoto({ seed: 11, width: 480, height: 360 }, { colourShift: 150 })),
      itemOf('grey', await drawPhoto({ seed: 11, width: 480, height: 360 }, { grey: true })),
    ]);
    expect(groupDuplicates([item, recoloured])).toEqual([]);
    expect(idsOf(groupDuplicates([item, grey]))).toEqual([['grey', 'original']]);
  });

  it('finds mirrored and turned copies inside one category, and tells them apart from other copies', async () => {
    const mirrored = await itemOf(
      'mirrored',
      await drawPhoto({ seed: 11, width: 480, height: 360 }, { flipped: true }),
    );
    const pixels = await decodeImage(original);
    const rotated: DedupeItem = {
      ...item,
      ...measurePixels(quarterTurn({ ...pixels, data: pixels.rgb })),
      id: 'rotated',
      sha256: 'r',
      width: 300,
      height: 400,
    };
    const groups = groupDuplicates([{ ...item, bytes: 2 * item.bytes }, mirrored, rotated]);
    expect(groups).toHaveLength(1);
    expect(
      groups[0]?.members.map(({ id, kind }) => [id, kind]).sort((a, b) => (a.join() < b.join() ? -1 : 1)),
    ).toEqual([
      ['mirrored', 'flipped'],
      ['rotated', 'rotated'],
    ]);
  });

  it('says nothing about mirrored pictures of two categories (left and right arrows are different things)', async () => {
    const mirrored = await itemOf(
      'mirrored',
      await drawPhoto({ seed: 11, width: 480, height: 360 }, { flipped: true }),
      'right',
    );
    expect(groupDuplicates([{ ...item, category: 'left' }, mirrored])).toEqual([]);
    expect(groupDuplicates([{ ...item, category: 'right' }, mirrored])).toHaveLength(1);
  });

  it('still reads pictures that were inspected before turned hashes were kept', async () => {
    const mirrored = await itemOf(
      'mirrored',
      await drawPhoto({ seed: 11, width: 480, height: 360 }, { flipped: true }),
    );
    const [old, oldMirrored] = [item, mirrored].map(({ turns: _, contentShare: __, ...rest }) => rest);
    if (!old || !oldMirrored) throw new Error('two items were made');
    expect(groupDuplicates([old, oldMirrored])).toEqual([]);
    expect(groupDuplicates([{ ...old, id: 'again' }, item])).toMatchObject([
      { members: [{ kind: 'exact' }] },
    ]);
  });

  it('keeps the largest copy, then the largest file, then the first id, in any order of the input', async () => {
    const [small, poor, twin] = await Promise.all([
      itemOf('a-small', await recode(original, 240, 180, { format: 'png', quality: 100 })),
      itemOf('b-poor', await recode(original, 480, 360, { format: 'jpeg', quality: 30 })),
      itemOf('z-twin', original),
    ]);
    const forward = groupDuplicates([small, poor, twin, item]);
    expect(forward).toEqual(groupDuplicates([item, twin, poor, small]));
    expect(forward).toHaveLength(1);
    expect(forward[0]?.keeper).toBe('original');
    expect(forward[0]?.members[0]).toEqual({ id: 'z-twin', kind: 'exact', distance: 0 });
    expect(forward[0]?.members.slice(1).map((m) => m.kind)).toEqual(['near', 'near']);
  });

  it('drops a picture found under two categories from both, and names them', async () => {
    const copy = await recode(original, 240, 180, { format: 'jpeg', quality: 80 });
    const other = await itemOf('other', await drawPhoto({ seed: 12 }), 'dog');
    const groups = groupDuplicates([{ ...item, category: 'dog' }, await itemOf('copy', copy, 'cat'), other]);
    expect(groups).toMatchObject([{ keeper: 'original', crossCategory: true, categories: ['cat', 'dog'] }]);
    expect(droppedByGroups(groups).map(({ id, reason }) => [id, reason])).toEqual([
      ['original', 'cross-category'],
      ['copy', 'cross-category'],
    ]);
  });

  it('names a stand-in that comes back under several categories, and only a drawing that does', async () => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200" viewBox="0 0 300 200"><rect x="90" y="50" width="120" height="80" fill="none" stroke="#999" stroke-width="6"/><path d="M95 125 140 80l30 30 20-15 20 30z" fill="#bbb"/></svg>`;
    const tile = await rasteriseSvg(svg, { width: 300, height: 200 }, '#eeeeee');
    const found = await Promise.all(
      ['cat', 'dog', 'cat', 'dog'].map((category, i) => itemOf(`tile-${i}`, tile, category)),
    );
    const reasons = (items: DedupeItem[]): Set<string> =>
      new Set(droppedByGroups(groupDuplicates(items)).map(({ reason }) => reason));
    expect(reasons(found)).toEqual(new Set(['placeholder']));
    expect(reasons(found.slice(0, 3))).toEqual(new Set(['cross-category']));
    const photos = found.map(({ id, category }) => ({ ...item, id, category }));
    expect(reasons(photos)).toEqual(new Set(['cross-category']));
  });

  it('drops copies inside one category and keeps the keeper', async () => {
    const copy = await recode(original, 240, 180, { format: 'jpeg', quality: 80 });
    const cat = { ...item, category: 'cat' };
    const groups = groupDuplicates([cat, await itemOf('near', copy, 'cat'), { ...cat, id: 'same' }]);
    expect(droppedByGroups(groups)).toMatchObject([
      { id: 'same', reason: 'exact-duplicate', keeper: 'original', distance: 0 },
      { id: 'near', reason: 'near-duplicate', keeper: 'original' },
    ]);
  });
});

describe('groupDuplicates on chains', () => {
  const flip = (hex: string, bit: number): string =>
    (BigInt(`0x${hex}`) ^ (1n << BigInt(bit))).toString(16).padStart(16, '0');

  /** A walk through hash space: each step is within the threshold, the ends are far apart. */
  function chain(seed: number, length: number, base: DedupeItem): DedupeItem[] {
    const rng = createRng(seed);
    let phash = formatHash({ high: rng.int(2 ** 32), low: rng.int(2 ** 32) });
    return Array.from({ length }, (_, i) => {
      for (let step = 0; step < 3; step++) phash = flip(phash, rng.int(64));
      const size = 100 + rng.int(50);
      return {
        ...base,
        id: `${seed}-${i}`,
        sha256: `${seed}-${i}`,
        phash,
        inner: null,
        width: size,
        height: size,
      };
    });
  }

  it('never lets a member be far from its keeper, nor two keepers be near, nor loses a picture', async () => {
    const base = await itemOf('base', await drawPhoto({ seed: 20 }));
    const max = DEFAULT_THRESHOLDS.maxPhashDistance;
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 2, max: 60 }), (seed, length) => {
        const items = chain(seed, length, base);
        const hashOf = new Map(items.map((item) => [item.id, parseHash(item.phash)]));
        const distance = (a: string, b: string): number => {
          const [x, y] = [hashOf.get(a), hashOf.get(b)];
          return x && y ? hammingDistance(x, y) : Number.NaN;
        };
        const groups = groupDuplicates(items);
        const members = groups.flatMap((group) => group.members.map((member) => member.id));
        expect(new Set(members).size).toBe(members.length);
        for (const group of groups) {
          for (const member of group.members) expect(distance(group.keeper, member.id)).toBe(member.distance);
          expect(Math.max(...group.members.map((member) => member.distance))).toBeLessThanOrEqual(max);
        }
        const kept = items.map((item) => item.id).filter((id) => !members.includes(id));
        kept.forEach((a, i) => kept.slice(i + 1).forEach((b) => expect(distance(a, b)).toBeGreaterThan(max)));
      }),
      { numRuns: 100 },
    );
  });

  it('finds the right keeper among more look-alikes than are listed', async () => {
    const base = await itemOf('base', await drawPhoto({ seed: 21 }));
    // One DCT hash for all, difference hashes far from one another: every one of them stays a keeper.
    const rng = createRng('look-alikes');
    const keepers = Array.from({ length: 150 }, (_, i): DedupeItem => {
      const dhash = formatHash({ high: rng.int(2 ** 32), low: rng.int(2 ** 32) });
      return { ...base, inner: null, id: `k${i}`, sha256: `k${i}`, dhash, width: 1000, height: 1000 };
    });
    const copies = keepers.map((keeper): DedupeItem => {
      return { ...keeper, id: `copy of ${keeper.id}`, sha256: `${keeper.id}c`, width: 100, height: 100 };
    });
    const groups = groupDuplicates([...copies, ...keepers]);
    expect(groups.map(({ keeper, members }) => [keeper, members.map(({ id }) => id)]).sort()).toEqual(
      keepers.map(({ id }) => [id, [`copy of ${id}`]]).sort(),
    );
  });
});

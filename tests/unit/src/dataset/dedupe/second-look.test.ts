import { beforeAll, describe, expect, it } from 'vitest';
import { type DedupeItem, groupDuplicates } from '../../../../../src/dataset/dedupe/group-duplicates.js';
import {
  createSecondLook,
  lookGrey,
  type Looks,
  LOOK_SIDE,
} from '../../../../../src/dataset/dedupe/second-look.js';
import { inspectImage } from '../../../../../src/dataset/inspect/inspect.js';
import { createRng, decodeOnce } from '../../../../../zoo/index.js';
import sharp from 'sharp';
import { drawPhoto } from '../pictures.js';

interface Shown {
  readonly item: DedupeItem;
  readonly grey: Uint8Array;
}

async function show(id: string, bytes: Uint8Array): Promise<Shown> {
  const { measures } = await inspectImage(bytes);
  if (!measures) throw new Error(`${id} was not measured`);
  const side = 2 * LOOK_SIDE;
  const data = await (await decodeOnce(bytes)).toGrey(side, side);
  return { item: { ...measures, id, category: null }, grey: lookGrey({ width: side, height: side, data }) };
}

const looksOf = (shown: readonly Shown[], feature: (id: string, channel: number) => number): Looks => ({
  ids: shown.map(({ item }) => item.id),
  greys: shown.map(({ grey }) => grey),
  features: [
    {
      rows: shown.length,
      cols: 8,
      data: Float32Array.from(
        shown.flatMap(({ item }) => Array.from({ length: 8 }, (_, c) => feature(item.id, c))),
      ),
    },
  ],
});

describe('a second look', () => {
  let shown: Shown[] = [];
  beforeAll(async () => {
    const photo = await drawPhoto({ seed: 71, width: 480, height: 360 });
    const crop = await sharp(photo).extract({ left: 30, top: 40, width: 400, height: 300 }).jpeg().toBuffer();
    const others = await Promise.all(
      [72, 73, 74].map(async (seed) =>
        show(`other-${seed}`, await drawPhoto({ seed, width: 480, height: 360 })),
      ),
    );
    shown = [await show('photo', photo), await show('crop', crop), ...others];
  });
  const items = (): DedupeItem[] => shown.map(({ item }) => item);

  it('joins a crop to its keeper where features propose it', () => {
    expect(groupDuplicates(items())).toEqual([]);
    const near = looksOf(shown, (id, c) => (/photo|crop/.test(id) ? c : Number(id.slice(-2)) * (c % 3)));
    const groups = groupDuplicates(items(), undefined, createSecondLook(near));
    expect(groups).toMatchObject([{ keeper: 'photo', members: [{ id: 'crop', kind: 'cropped' }] }]);
    expect(groups[0]?.members[0]?.distance).toBeGreaterThan(0);
    expect(groups[0]?.members[0]?.distance).toBeLessThan(0.2);
  });

  it('does not believe features alone', () => {
    const rng = createRng('alike');
    const alike = looksOf(shown, (id, c) => (id === 'crop' ? -c : c) + 0.001 * rng.next());
    const names = groupDuplicates(items(), undefined, createSecondLook(alike));
    expect(names).toEqual([]);
  });

  it('proposes a picture from either side: when it is the nearest of the other, too', () => {
    // The crop's nearest is a stranger, 20 degrees away; the photo's nearest is the crop, 40 degrees away.
    const degrees: Record<string, number> = {
      photo: 0,
      crop: 40,
      'other-72': 60,
      'other-73': 180,
      'other-74': 220,
    };
    const looks = looksOf(shown, (id, c) => {
      const angle = ((degrees[id] ?? 0) * Math.PI) / 180;
      return c % 2 ? Math.sin(angle) : Math.cos(angle);
    });
    const nameOf = (grey: Uint8Array): string => shown.find((each) => each.grey === grey)?.item.id ?? '';
    const asked: string[] = [];
    const look = createSecondLook(looks, LENIENT, (first, second) => {
      asked.push([nameOf(first), nameOf(second)].join(' in '));
      return null;
    });
    groupDuplicates(items(), undefined, look);
    expect(asked).toContain('crop in photo');
    expect(asked).toContain('crop in other-72');
  });
});

const LENIENT = {
  neighbours: 1,
  minCosine: -1,
  minCoarseCorrelation: 0,
  minOverlap: 0,
  maxStretch: 2,
  minBlocks: 1,
  minBlockMedian: 0,
  minStraightMedian: 0,
  minBlockMean: 0,
  maxColourDifference: 999,
  minColour: 6,
};

describe('lookGrey', () => {
  it('leaves a plain border out', () => {
    const side = 128;
    const inside = (x: number, y: number): boolean => x >= 16 && x < 112 && y >= 16 && y < 112;
    const framed = Uint8Array.from({ length: side * side }, (_, i) => {
      const [x, y] = [i % side, Math.floor(i / side)];
      return inside(x, y) ? 60 + ((3 * x + 5 * y) % 120) : 255;
    });
    const grey = lookGrey({ width: side, height: side, data: framed });
    expect(grey).toHaveLength(LOOK_SIDE ** 2);
    expect(Math.max(...grey)).toBeLessThan(200);
  });
});

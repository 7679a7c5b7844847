import { beforeAll, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { findOverlays, type OverlayPicture } from '../../../../../src/dataset/dedupe/find-overlays.js';
import { inspectImage } from '../../../../../src/dataset/inspect/inspect.js';
import { inKeeperOrder } from '../../../../../src/dataset/dedupe/keeper-order.js';
import { OVERLAY_CELLS, unpackOverlay } from '../../../../../src/dataset/inspect/overlay.js';
import { texturedPicture } from '../../../../support/odd-pictures.js';

const PICTURES = 40;

/** A faint cross and a faint ring, as agencies lay over their previews. */
const MARK = Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240" stroke="#fff" stroke-opacity="0.3" stroke-width="7" fill="none">` +
    `<path d="M0 0L320 240M320 0L0 240"/><circle cx="160" cy="120" r="60"/></svg>`,
);

async function overlayOf(bytes: Buffer): Promise<string> {
  const { measures } = await inspectImage(bytes);
  return measures?.overlay ?? '';
}

describe('overlays that repeat over the pictures of a site', () => {
  let clean: OverlayPicture[];
  let marked: OverlayPicture[];

  beforeAll(async () => {
    const one = async (i: number, isMarked: boolean): Promise<OverlayPicture> => {
      const plain = await texturedPicture(i + 1);
      const bytes = isMarked
        ? await sharp(plain)
            .composite([{ input: MARK }])
            .jpeg()
            .toBuffer()
        : plain;
      return { id: `${isMarked ? 'm' : 'c'}${i}`, source: 'site', overlay: await overlayOf(bytes) };
    };
    const numbers = Array.from({ length: PICTURES }, (_, i) => i);
    clean = await Promise.all(numbers.map((i) => one(i, false)));
    marked = await Promise.all(numbers.map((i) => one(i, true)));
  }, 60_000);

  it('finds one in all pictures that have it', () => {
    const found = findOverlays(marked);
    expect(found.size).toBe(PICTURES);
    expect([...found.values()].filter((agreement) => agreement >= 0.5).length).toBeGreaterThan(
      0.8 * PICTURES,
    );
  });

  it('finds none where there is none', () => {
    expect(findOverlays(clean).size).toBe(0);
  });

  it('tells the pictures with one from those without', () => {
    const half = PICTURES / 2;
    const found = findOverlays([...marked.slice(0, half), ...clean.slice(half)]);
    const dropped = [...found].filter(([, agreement]) => agreement >= 0.5).map(([id]) => id);
    expect(dropped.filter((id) => id.startsWith('m')).length).toBeGreaterThan(0.7 * half);
    expect(dropped.filter((id) => id.startsWith('c'))).toEqual([]);
  });

  it('compares the pictures of one source only, and not where there are few', () => {
    const scattered = marked.map((picture, i) => ({ ...picture, source: `site ${i % 4}` }));
    expect(findOverlays(scattered).size).toBe(0);
    expect(findOverlays(marked.slice(0, 20)).size).toBe(0);
  });

  it('prefers a copy without one', () => {
    const facts = { width: 100, height: 100, bytes: 1000 };
    const [best] = inKeeperOrder([
      { ...facts, id: 'large', width: 900, height: 900, marked: true },
      { ...facts, id: 'small' },
    ]);
    expect(best?.id).toBe('small');
  });

  it('packs signs of -1, 0 and 1, and 0 along the rim', () => {
    const signs = unpackOverlay(clean[0]?.overlay ?? '');
    expect(signs).toHaveLength(OVERLAY_CELLS);
    expect([...new Set(signs)].sort()).toEqual([-1, 0, 1]);
    expect([...signs.subarray(0, 49)]).toEqual(Array.from({ length: 49 }, () => 0));
  });
});

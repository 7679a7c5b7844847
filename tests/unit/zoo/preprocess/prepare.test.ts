import { describe, expect, it } from 'vitest';
import type { Geometry } from '../../../../zoo/index.js';
import { decodeOnce, geometryKey, prepareImage, prepareImages } from '../../../../zoo/index.js';
import { colourAt, QUADRANTS, quadrants } from './pictures.js';

const squish: Geometry = { width: 24, height: 16, resize: 'squish', kernel: 'cubic' };
const crop: Geometry = { width: 16, height: 16, resize: 'crop', kernel: 'linear' };
const tight: Geometry = { ...crop, cropShare: 0.5 };

describe('one decode, several sizes', () => {
  it.each([
    [300, 200],
    [2600, 1900],
  ])('gives the same pixels as one by one (%i x %i)', async (width, height) => {
    const bytes = await quadrants(width, height).jpeg().toBuffer();
    const geometries = [squish, crop, tight, squish];
    const together = await prepareImages(bytes, geometries);
    const alone = await Promise.all(geometries.map((geometry) => prepareImage(bytes, geometry)));
    expect(together.map((pixels) => pixels.length)).toEqual([24 * 16 * 3, 768, 768, 24 * 16 * 3]);
    together.forEach((pixels, i) => expect(Buffer.compare(pixels, alone[i] ?? pixels.subarray(1))).toBe(0));
    expect(together[3]).toBe(together[0]);
  });

  it('shrinks large pictures while decoding, but keeps their size on record', async () => {
    const { meta, pixels } = await decodeOnce(await quadrants(2700, 1300).jpeg().toBuffer());
    expect(meta).toMatchObject({ width: 2700, height: 1300, format: 'jpeg', pages: 1, hasAlpha: false });
    expect([pixels.width, pixels.height]).toEqual([1350, 650]);
  });

  it('leaves pictures under 1280 pixels as they are', async () => {
    const { pixels } = await decodeOnce(await quadrants(1500, 1279).jpeg().toBuffer());
    expect([pixels.width, pixels.height]).toEqual([1500, 1279]);
  });
});

describe('geometry', () => {
  it('squishes the whole picture', async () => {
    const pixels = await prepareImage(await quadrants(400, 100).png().toBuffer(), squish);
    expect(colourAt(pixels, 24, 16, 0.1, 0.1)).toEqual([...QUADRANTS.topLeft]);
    expect(colourAt(pixels, 24, 16, 0.9, 0.9)).toEqual([...QUADRANTS.bottomRight]);
  });

  it('crops the centre in shape', async () => {
    const inner = await quadrants(100, 100).png().toBuffer();
    const wide = await quadrants(400, 100)
      .composite([{ input: inner, left: 150, top: 0 }])
      .png()
      .toBuffer();
    expect(await prepareImage(wide, crop)).toEqual(await prepareImage(inner, crop));
    expect(await prepareImage(wide, { ...crop, resize: 'squish' })).not.toEqual(
      await prepareImage(inner, crop),
    );
  });

  it('takes a share of the shorter side', async () => {
    // A white frame around the middle half: a crop of 0.5 sees none of it.
    const inner = await quadrants(100, 100).png().toBuffer();
    const framed = await quadrants(200, 200)
      .composite([{ input: inner, left: 50, top: 50 }])
      .png()
      .toBuffer();
    expect(await prepareImage(framed, tight)).toEqual(await prepareImage(inner, crop));
  });

  it('has a key that tells every difference', () => {
    const variants = [
      squish,
      crop,
      tight,
      { ...squish, kernel: 'linear' as const },
      { ...squish, width: 25 },
    ];
    expect(new Set(variants.map(geometryKey)).size).toBe(variants.length);
    expect(geometryKey({ ...crop, cropShare: 1 })).toBe(geometryKey(crop));
  });
});

describe('grey', () => {
  it('is BT.601 luma, as Pillow computes it', async () => {
    const grey = await (await decodeOnce(await quadrants(64, 64).png().toBuffer())).toGrey(4, 4);
    // Pillow 11: Image.new('RGB', (1, 1), colour).convert('L')
    expect([grey[0], grey[3], grey[12], grey[15]]).toEqual([94, 124, 73, 199]);
  });
});

import { describe, expect, it } from 'vitest';
import { decodeImage, decodeOnce, ImageError, readMeta } from '../../../../zoo/index.js';
import { animated, colourAt, pngClaiming, QUADRANTS, quadrants, withAnimationControl } from './pictures.js';

const SVG_WITH_ENTITY = `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>
  <svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>&x;</text></svg>`;

const half = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length / 2);

const hostile: readonly [name: string, reason: string, make: () => Buffer | Promise<Buffer>][] = [
  ['zero bytes', 'empty', () => Buffer.alloc(0)],
  ['HTML', 'not-an-image', () => Buffer.from('<!doctype html><html><body>404</body></html>')],
  ['HTML with an inline SVG', 'not-an-image', () => Buffer.from('<html><svg width="1"></svg></html>')],
  ['text', 'not-an-image', () => Buffer.from('hello')],
  ['an SVG with external entities', 'unsupported', () => Buffer.from(SVG_WITH_ENTITY)],
  ['a PDF', 'unsupported', () => Buffer.from('%PDF-1.7 ...')],
  ['a PNG of 30000 x 30000', 'too-many-pixels', () => pngClaiming(30_000, 30_000)],
  ['an animated GIF', 'animated', () => animated('gif')],
  ['an animated WebP', 'animated', () => animated('webp')],
  ['an animated PNG', 'animated', async () => withAnimationControl(await quadrants(32, 32).png().toBuffer())],
  ['a JPEG cut short', 'corrupt', async () => half(await quadrants(400, 300).jpeg().toBuffer())],
  [
    'a progressive JPEG cut short',
    'corrupt',
    async () => half(await quadrants(400, 300).jpeg({ progressive: true }).toBuffer()),
  ],
  ['a PNG cut short', 'corrupt', async () => half(await quadrants(400, 300).png().toBuffer())],
  ['a WebP cut short', 'corrupt', async () => half(await quadrants(400, 300).webp().toBuffer())],
  ['a GIF cut short', 'corrupt', async () => half(await quadrants(400, 300).gif().toBuffer())],
  ['a TIFF cut short', 'corrupt', async () => half(await quadrants(400, 300).tiff().toBuffer())],
  ['a JPEG signature and nothing else', 'corrupt', () => Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
];

describe('hostile bytes', () => {
  it.each(hostile)('refuses %s as %s', async (_name, reason, make) => {
    const bytes = await make();
    for (const decode of [decodeImage, decodeOnce]) {
      const error: unknown = await decode(bytes).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ImageError);
      expect((error as ImageError).reason).toBe(reason);
    }
  });

  it('refuses more bytes than allowed', async () => {
    const bytes = await quadrants(64, 64).png().toBuffer();
    await expect(readMeta(bytes, { maxPixels: 1e6, maxBytes: 10 })).rejects.toMatchObject({
      reason: 'unsupported',
    });
  });

  it('refuses by pixels at the exact limit', async () => {
    const bytes = await quadrants(64, 50).png().toBuffer();
    await expect(decodeImage(bytes, { maxPixels: 3199, maxBytes: 1e6 })).rejects.toMatchObject({
      reason: 'too-many-pixels',
    });
    await expect(decodeImage(bytes, { maxPixels: 3200, maxBytes: 1e6 })).resolves.toMatchObject({
      width: 64,
    });
  });
});

const encodings: readonly [name: string, make: () => Promise<Buffer>][] = [
  ['JPEG', () => quadrants(200, 120).jpeg({ quality: 95 }).toBuffer()],
  ['progressive JPEG', () => quadrants(200, 120).jpeg({ quality: 95, progressive: true }).toBuffer()],
  ['16-bit PNG', () => quadrants(200, 120).toColourspace('rgb16').png().toBuffer()],
  ['palette PNG', () => quadrants(200, 120).png({ palette: true, colours: 8 }).toBuffer()],
  ['WebP', () => quadrants(200, 120).webp({ quality: 95 }).toBuffer()],
  ['GIF', () => quadrants(200, 120).gif().toBuffer()],
  ['AVIF', () => quadrants(200, 120).avif({ quality: 80 }).toBuffer()],
  ['TIFF', () => quadrants(200, 120).tiff().toBuffer()],
];

describe('formats and colour spaces', () => {
  it.each(encodings)('decodes %s to its colours', async (_name, make) => {
    const image = await decodeImage(await make());
    expect(image).toMatchObject({ width: 200, height: 120 });
    expect(image.rgb).toHaveLength(200 * 120 * 3);
    const colour = colourAt(image.rgb, 200, 120, 0.25, 0.25);
    colour.forEach((value, c) =>
      expect(Math.abs(value - (QUADRANTS.topLeft[c] ?? 0))).toBeLessThanOrEqual(12),
    );
  });

  it('brings CMYK into sRGB', async () => {
    const bytes = await quadrants(200, 120).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer();
    const { rgb } = await decodeImage(bytes);
    const [r = 0, g = 0, b = 0] = colourAt(rgb, 200, 120, 0.25, 0.25);
    expect(rgb).toHaveLength(200 * 120 * 3);
    expect(r).toBeGreaterThan(150);
    expect(Math.max(g, b)).toBeLessThan(100);
  });

  it.each([
    ['8-bit', 'b-w'],
    ['16-bit', 'grey16'],
  ])('gives %s grey pictures three equal channels', async (_name, space) => {
    const { rgb } = await decodeImage(
      await quadrants(60, 40).greyscale().toColourspace(space).png().toBuffer(),
    );
    expect(rgb).toHaveLength(60 * 40 * 3);
    const [r, g, b] = colourAt(rgb, 60, 40, 0.75, 0.75);
    expect([g, b]).toEqual([r, r]);
    expect(r).toBeGreaterThan(150);
  });

  it('lays transparency on white', async () => {
    const clear = await quadrants(40, 40).ensureAlpha(0).png().toBuffer();
    const image = await decodeImage(clear);
    expect(image.hasAlpha).toBe(true);
    expect(new Set(image.rgb)).toEqual(new Set([255]));
  });
});

// Where the top-left quadrant of the stored pixels ends up, by EXIF orientation (EXIF 2.32, table 6).
const orientations: readonly [orientation: number, x: number, y: number][] = [
  [1, 0.25, 0.25],
  [2, 0.75, 0.25],
  [3, 0.75, 0.75],
  [4, 0.25, 0.75],
  [5, 0.25, 0.25],
  [6, 0.75, 0.25],
  [7, 0.75, 0.75],
  [8, 0.25, 0.75],
];

describe('EXIF orientation', () => {
  it.each(orientations)('%i is undone, small and large', async (orientation, x, y) => {
    for (const [width, height] of [
      [160, 80],
      [3200, 1600],
    ] as const) {
      const bytes = await quadrants(width, height)
        .withMetadata({ orientation })
        .jpeg({ quality: 95 })
        .toBuffer();
      const { meta, pixels } = await decodeOnce(bytes);
      const turned = orientation > 4;
      expect([meta.width, meta.height]).toEqual(turned ? [height, width] : [width, height]);
      expect(pixels.width > pixels.height).toBe(!turned);
      const colour = colourAt(pixels.rgb, pixels.width, pixels.height, x, y);
      colour.forEach((value, c) =>
        expect(Math.abs(value - (QUADRANTS.topLeft[c] ?? 0))).toBeLessThanOrEqual(12),
      );
    }
  });
});

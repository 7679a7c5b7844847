import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { inspectImage, type InspectMeasures } from '../../../../../src/dataset/inspect/inspect.js';
import { DEFAULT_INSPECT_LIMITS } from '../../../../../src/dataset/inspect/settings.js';
import { drawPhoto, drawPlain } from '../pictures.js';

async function reasonFor(bytes: Uint8Array, limits = DEFAULT_INSPECT_LIMITS): Promise<string> {
  const result = await inspectImage(bytes, limits);
  return result.kind === 'dropped' ? result.reason : 'kept';
}

async function measuresOf(bytes: Uint8Array): Promise<InspectMeasures> {
  const result = await inspectImage(bytes);
  if (!result.measures) throw new Error(`not measured: ${JSON.stringify(result)}`);
  return result.measures;
}

/** Two frames of one pixel: the smallest animated GIF. */
const ANIMATED_GIF = Buffer.from(
  '47494638396101000100800000000000ffffff' +
    '21ff0b4e45545343415045322e30030100000021f9040000000000' +
    '2c000000000100010000020244010021f90400000000002c0000000001000100000202440100' +
    '3b',
  'hex',
);

describe('inspectImage', () => {
  it('keeps a photograph and measures it from one decode', async () => {
    const bytes = await drawPhoto({ seed: 3, width: 400, height: 300 });
    const result = await inspectImage(bytes);
    expect(result.kind).toBe('kept');
    expect(result.measures).toMatchObject({
      width: 400,
      height: 300,
      format: 'jpeg',
      bytes: bytes.length,
      inner: null,
    });
    expect(result.measures?.phash).toMatch(/^[0-9a-f]{16}$/);
    expect(result.measures?.dhash).toMatch(/^[0-9a-f]{16}$/);
    expect(result.measures?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(result.measures?.aspect).toBeCloseTo(4 / 3);
  });

  it.each([
    ['zero bytes', new Uint8Array(0), 'empty'],
    ['a page named .jpg', Buffer.from('<!doctype html><html><body>404</body></html>'), 'not-an-image'],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), 'unsupported'],
    ['an animated GIF', ANIMATED_GIF, 'animated'],
  ])('drops %s', async (_, bytes, reason) => {
    expect(await reasonFor(bytes)).toBe(reason);
  });

  it('drops a truncated JPEG as corrupt', async () => {
    const bytes = await drawPhoto({ seed: 4 });
    expect(await reasonFor(bytes.subarray(0, bytes.length / 2))).toBe('corrupt');
  });

  it('drops by its limits: pixels, size, aspect, blank', async () => {
    const photo = await drawPhoto({ seed: 5 });
    expect(await reasonFor(photo, { ...DEFAULT_INSPECT_LIMITS, maxPixels: 1000 })).toBe('too-many-pixels');
    expect(await reasonFor(await drawPhoto({ seed: 5, width: 60, height: 31 }))).toBe('too-small');
    expect(await reasonFor(await drawPhoto({ seed: 5, width: 500, height: 100 }))).toBe('extreme-aspect');
    expect(await reasonFor(await drawPlain('#88aacc', undefined, { format: 'jpeg', quality: 30 }))).toBe(
      'blank',
    );
  });

  it('drops what is blurred beyond use or all but black, and keeps a dark scene with a light in it', async () => {
    const photo = await drawPhoto({ seed: 8, width: 320, height: 240 });
    expect(await reasonFor(await sharp(photo).blur(14).jpeg().toBuffer())).toBe('blurred');
    expect(await reasonFor(await sharp(photo).blur(1.5).jpeg().toBuffer())).toBe('kept');
    expect(await reasonFor(await sharp(photo).linear(0.07, 0).png().toBuffer())).toBe('too-dark');
    expect(await reasonFor(await sharp(photo).linear(0.5, 0).png().toBuffer())).toBe('kept');
    const pale = { ...DEFAULT_INSPECT_LIMITS, minDeviation: 0.5 };
    expect(await reasonFor(await sharp(photo).linear(0.03, 247).png().toBuffer(), pale)).toBe('too-bright');
  });

  it('says what was wrong and keeps what was measured', async () => {
    const result = await inspectImage(await drawPlain('#ffffff'));
    expect(result).toMatchObject({ kind: 'dropped', reason: 'blank', measures: { width: 200, height: 150 } });
    expect(result.kind === 'dropped' && result.detail).toMatch(/under 3/);
  });

  it('finds the plain border of a framed copy, and inside it the hashes of the original', async () => {
    const [framed, original] = await Promise.all([
      measuresOf(await drawPhoto({ seed: 6 }, { borderShare: 0.1 })),
      measuresOf(await drawPhoto({ seed: 6 })),
    ]);
    expect(original.inner).toBeNull();
    expect(framed.inner).not.toBeNull();
    expect(framed.phash).not.toBe(original.phash);
  });

  it('measures brightness, colour, sharpness and flatness in the right direction', async () => {
    const [photo, grey, dark, plain] = await Promise.all([
      measuresOf(await drawPhoto({ seed: 7 })),
      measuresOf(await drawPhoto({ seed: 7 }, { grey: true })),
      measuresOf(await drawPlain('#101010')),
      measuresOf(await drawPlain('#f0f0f0')),
    ]);
    expect(dark.brightness).toBeCloseTo(16, 0);
    expect(plain.brightness).toBeCloseTo(240, 0);
    expect(grey.colourfulness).toBeLessThan(3);
    expect(photo.colourfulness).toBeGreaterThan(20);
    expect(photo.sharpness).toBeGreaterThan(10 * (plain.sharpness + 1));
    expect(plain.flatShare).toBeGreaterThan(0.99);
    expect(photo.flatShare).toBeLessThan(0.7);
    expect(photo.deviation).toBeGreaterThan(10);
  });
});

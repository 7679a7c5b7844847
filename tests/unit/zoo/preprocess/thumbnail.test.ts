import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { rasteriseSvg, thumbnailOf } from '../../../../zoo/index.js';

const svg = (width: number, height: number): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
    <rect width="${width}" height="${height}" fill="teal"/><circle cx="60" cy="60" r="40" fill="gold"/></svg>`;

const picture = (width: number, height: number, format: 'jpeg' | 'png' = 'jpeg'): Promise<Buffer> =>
  rasteriseSvg(svg(width, height), { width, height }, '#ffffff', { format, quality: 85 });

const sizeOf = async (bytes: Uint8Array) => {
  const { format, width, height } = await sharp(bytes).metadata();
  return [format, width, height];
};

describe('thumbnails', () => {
  it('are the whole picture, within the size, and never larger than it', async () => {
    expect(await sizeOf(await thumbnailOf(await picture(400, 200), 192))).toEqual(['webp', 192, 96]);
    expect(await sizeOf(await thumbnailOf(await picture(120, 90, 'png'), 192))).toEqual(['webp', 120, 90]);
  });

  it('stand upright', async () => {
    const turned = await sharp(await picture(400, 200))
      .withMetadata({ orientation: 6 })
      .toBuffer();
    expect(await sizeOf(await thumbnailOf(turned, 192))).toEqual(['webp', 96, 192]);
  });

  it('show what there is of a file that was cut short, and the first frame of an animation', async () => {
    const whole = await picture(400, 200);
    expect(await sizeOf(await thumbnailOf(whole.subarray(0, whole.length / 2), 96))).toEqual([
      'webp',
      96,
      48,
    ]);
    const frames = await Promise.all(
      ['red', 'blue'].map((background) =>
        sharp({ create: { width: 40, height: 40, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const animation = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    expect(await sizeOf(await thumbnailOf(animation, 96))).toEqual(['webp', 40, 40]);
  });

  it.each([
    ['an SVG, which may reach for other files', Buffer.from(svg(10, 10))],
    ['a page', Buffer.from('<!doctype html><title>404</title>')],
    ['nothing', Buffer.alloc(0)],
  ])('refuse %s', async (_what, bytes) => {
    await expect(thumbnailOf(bytes, 96)).rejects.toMatchObject({ reason: 'unsupported' });
  });
});

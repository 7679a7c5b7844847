import { describe, expect, it } from 'vitest';
import { inspectImage } from '../../../../../src/dataset/inspect/inspect.js';
import { DEFAULT_INSPECT_LIMITS } from '../../../../../src/dataset/inspect/settings.js';
import { createRng, rasteriseSvg } from '../../../../../zoo/index.js';
import { texturedPicture } from '../../../../support/odd-pictures.js';

/** A page of words that are made of strokes: needs no font on the machine. */
async function page(
  width: number,
  height: number,
  lines: number,
  colours = ['#fff', '#222'],
): Promise<Buffer> {
  const rng = createRng(`page-${lines}`);
  const size = height / (lines * 1.8);
  const strokes: string[] = [];
  for (let line = 1; line <= lines; line++) {
    for (let x = size; x < width - size; x += size * 0.35) {
      if (rng.next() < 0.2) continue;
      const [tall, thick] = [size * (0.6 + 0.4 * rng.next()), size * 0.12];
      strokes.push(
        `<rect x="${x}" y="${line * size * 1.7 - tall}" width="${thick}" height="${tall}"/>`,
        `<rect x="${x}" y="${line * size * 1.7 - tall * rng.next()}" width="${size * 0.25}" height="${thick}"/>`,
      );
    }
  }
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" fill="${colours[1]}">` +
    `<rect width="${width}" height="${height}" fill="${colours[0]}"/>${strokes.join('')}</svg>`;
  return rasteriseSvg(svg, { width, height }, '#ffffff', { format: 'jpeg', quality: 75 });
}

const reasonOf = async (bytes: Uint8Array, maxTextShare = DEFAULT_INSPECT_LIMITS.maxTextShare) => {
  const result = await inspectImage(bytes, { ...DEFAULT_INSPECT_LIMITS, maxTextShare });
  return result.kind === 'dropped' ? result.reason : 'kept';
};

describe('pictures that are mostly text', () => {
  it.each([
    ['a page', 600, 800, 40, ['#fff', '#222']],
    ['a page of a phone', 360, 640, 28, ['#f5f5f0', '#345']],
    ['a dark screen', 1280, 720, 32, ['#1e1e2e', '#cdd6f4']],
    ['large letters', 900, 600, 10, ['#fff', '#000']],
  ] as const)('finds %s', async (_name, width, height, lines, colours) => {
    const bytes = await page(width, height, lines, [...colours]);
    expect(await reasonOf(bytes)).toBe('mostly-text');
    expect(await reasonOf(bytes, 1)).toBe('kept');
  });

  it('leaves pictures alone', async () => {
    for (const seed of [1, 2, 3]) expect(await reasonOf(await texturedPicture(seed))).toBe('kept');
    const { measures } = await inspectImage(await texturedPicture(4));
    expect(measures?.textShare).toBeLessThan(0.05);
  });

  it.each([
    ['a fence', '<rect width="4" height="16"/>', 16],
    ['blinds', '<rect width="12" height="4"/>', 12],
    ['a chequered cloth', '<rect width="16" height="16"/><rect x="16" y="16" width="16" height="16"/>', 32],
  ])('leaves %s alone: strokes, but no letters', async (_name, shapes, step) => {
    const size = { width: 320, height: 240 };
    const svg =
      `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240"><defs><pattern id="p" width="${step}" height="${step}" ` +
      `patternUnits="userSpaceOnUse" fill="#333">${shapes}</pattern></defs><rect width="320" height="240" fill="#ddd"/>` +
      `<rect width="320" height="240" fill="url(#p)"/></svg>`;
    expect(await reasonOf(await rasteriseSvg(svg, size, '#ffffff', { format: 'jpeg', quality: 80 }))).toBe(
      'kept',
    );
  });
});

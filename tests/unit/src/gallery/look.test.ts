import { describe, expect, it } from 'vitest';
import {
  composeSvg,
  copyLookFor,
  lookFor,
  MAX_SIDE_PX,
  MIN_SIDE_PX,
  type Look,
} from '../../../../src/gallery/look.js';

const looks = Array.from({ length: 300 }, (_, i) => lookFor(1, 'noto', `icon-${i}`));

describe('lookFor', () => {
  it('keeps to the sizes it states, standing and lying', () => {
    for (const { width, height } of looks) {
      expect(Math.max(width, height)).toBeGreaterThanOrEqual(MIN_SIDE_PX);
      expect(Math.max(width, height)).toBeLessThanOrEqual(MAX_SIDE_PX);
      expect(Math.min(width, height) / Math.max(width, height)).toBeGreaterThan(0.74);
    }
    expect(looks.some(({ width, height }) => width > height)).toBe(true);
    expect(looks.some(({ width, height }) => width < height)).toBe(true);
  });

  it('varies format and background', () => {
    expect(new Set(looks.map(({ format }) => format)).size).toBe(3);
    const flat = looks.filter(({ background: [from, to] }) => from === to).length;
    expect(flat).toBeGreaterThan(150);
    expect(flat).toBeLessThan(270);
  });

  it('gives the same look for the same seed and another for another', () => {
    expect(lookFor(1, 'noto', 'icon-0')).toEqual(looks[0]);
    expect(lookFor(2, 'noto', 'icon-0')).not.toEqual(looks[0]);
  });
});

describe('copyLookFor', () => {
  it('changes size, format and quality but not the view', () => {
    for (const look of looks) {
      const copy = copyLookFor(look, 1, 'noto', 'icon');
      expect(copy.width).not.toBe(look.width);
      expect(copy.format).not.toBe(look.format);
      const view = ({ background, rotationDegrees, scale, centre }: Look) => [
        background,
        rotationDegrees,
        scale,
        centre,
      ];
      expect(view(copy)).toEqual(view(look));
    }
  });
});

describe('composeSvg', () => {
  it('gives a document of its own, with the colour an icon leaves to the page', () => {
    const drawing = {
      body: '<path fill="currentColor" d="M0 0h10v10z"/>',
      left: 2,
      top: 0,
      width: 10,
      height: 20,
    };
    const look: Look = { ...(looks[0] as Look), width: 200, height: 100, scale: 0.8, centre: [0.5, 0.5] };
    const svg = composeSvg(drawing, look);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).toContain('viewBox="0 0 200 100"');
    expect(svg).not.toContain('currentColor');
    expect(svg).toContain('translate(100 50)');
    expect(svg).toContain('scale(4) translate(-7 -10)');
  });
});

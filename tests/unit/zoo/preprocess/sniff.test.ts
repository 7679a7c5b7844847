import { describe, expect, it } from 'vitest';
import { sniffFormat } from '../../../../zoo/index.js';
import { quadrants } from './pictures.js';

describe('sniffFormat', () => {
  it.each(['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const)('knows %s', async (format) => {
    expect(sniffFormat(await quadrants(16, 16)[format]().toBuffer())).toBe(format);
  });

  it.each([
    ['\ufeff<?xml version="1.0"?>\n<svg:svg xmlns:svg="http://www.w3.org/2000/svg"/>', 'svg'],
    ['\ufeff<?xml version="1.0"?>\n<!-- made by hand --><svg xmlns="x">', 'svg'],
    ['  <SVG>', 'svg'],
    ['<html><body><svg></svg>', null],
    ['BM6', 'bmp'],
    ['%PDF-1.4', 'pdf'],
    ['\0\0\0\x18ftypheic', 'heic'],
    ['', null],
    ['G', null],
  ])('tells %j as %s', (text, expected) => {
    expect(sniffFormat(Buffer.from(text, 'utf8'))).toBe(expected);
  });
});

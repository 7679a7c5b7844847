import { describe, expect, it } from 'vitest';
import type { ShownPicture } from '../../../../crawlers/browser/page-scripts.js';
import { choosePicture, parseSrcset } from '../../../../crawlers/browser/picture-choice.js';

const BASE = 'https://foxes.example/gallery/';

const shown = (part: Partial<ShownPicture>): ShownPicture => ({
  src: '/a.jpg',
  srcsets: [],
  lazy: {},
  link: null,
  alt: null,
  naturalWidth: 300,
  naturalHeight: 200,
  boxWidth: 300,
  boxHeight: 200,
  ...part,
});

const urlOf = (part: Partial<ShownPicture>): string | undefined => choosePicture(shown(part), BASE)?.url;

describe('parseSrcset', () => {
  it.each([
    ['/a 320w, /b 1600w,/c 800w', ['/b 1600', '/c 800', '/a 320']],
    ['a 1x,b 2x', ['b 200', 'a 100']],
    ['https://x.test/w_1,h_2/z.jpg 2x, w.jpg', ['https://x.test/w_1,h_2/z.jpg 200', 'w.jpg 100']],
    ['one.jpg, two.jpg 1.5x', ['two.jpg 150', 'one.jpg 100']],
    ['a.jpg 100w 50h, b.jpg 200w', ['b.jpg 200', 'a.jpg 100']],
    ['  ', []],
    [',,', []],
  ])('%j', (srcset, expected) => {
    expect(parseSrcset(srcset, 100).map(({ url, width }) => `${url} ${width}`)).toEqual(expected);
  });
});

describe('choosePicture', () => {
  it('takes what is shown, with the size of its file', () => {
    expect(choosePicture(shown({}), BASE)).toEqual({
      url: 'https://foxes.example/a.jpg',
      width: 300,
      height: 200,
    });
  });

  it.each<[string, Partial<ShownPicture>, string | undefined]>([
    [
      'a link to a picture file',
      { link: '../full/1.JPEG?x=1', srcsets: ['/b 900w'] },
      'https://foxes.example/full/1.JPEG?x=1',
    ],
    ['not a link to a page', { link: '/pictures/1' }, 'https://foxes.example/a.jpg'],
    ['the widest of all srcsets', { srcsets: ['/b 900w', '/c 2000w'] }, 'https://foxes.example/c'],
    [
      'the full one of lazy ones',
      { lazy: { 'data-src': '/l.jpg', 'data-full-src': '/f.jpg' } },
      'https://foxes.example/f.jpg',
    ],
    [
      'a lazy one before a placeholder',
      { src: 'data:image/gif;base64,R0', lazy: { 'data-lazy-src': 'l.jpg' } },
      'https://foxes.example/gallery/l.jpg',
    ],
    [
      'no lazy attribute that is a text',
      { lazy: { 'data-original-title': 'A fox. In snow' } },
      'https://foxes.example/a.jpg',
    ],
    [
      'nothing of blob: and javascript:',
      { src: 'blob:https://foxes.example/1', link: 'javascript:void 0' },
      undefined,
    ],
    ['no drawing', { src: '/logo.svg' }, undefined],
    ['no icon by its file', { naturalWidth: 32, naturalHeight: 32 }, undefined],
    [
      'no icon by its box',
      { src: '/i.jpg', naturalWidth: 0, naturalHeight: 0, boxWidth: 40, boxHeight: 40 },
      undefined,
    ],
    [
      'an avatar with a large variant',
      { naturalWidth: 48, naturalHeight: 48, boxWidth: 48, boxHeight: 48, srcsets: ['/big 800w'] },
      'https://foxes.example/big',
    ],
    [
      'a lazy one whose box is not there yet',
      {
        src: '',
        lazy: { 'data-src': '/l.jpg' },
        naturalWidth: 0,
        naturalHeight: 0,
        boxWidth: 0,
        boxHeight: 0,
      },
      'https://foxes.example/l.jpg',
    ],
  ])('takes %s', (_what, part, url) => {
    expect(urlOf(part)).toBe(url);
  });
});

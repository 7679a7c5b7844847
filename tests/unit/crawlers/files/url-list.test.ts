import { describe, expect, it } from 'vitest';
import { parseUrlList, urlsOf } from '../../../../crawlers/files/url-list.js';

const A = 'https://a.test/1.jpg';

describe('parseUrlList', () => {
  it.each([
    [
      'lines',
      `# foxes\n${A}\r\n\n HTTP://b.test/2.png \n`,
      [
        [A, null],
        ['HTTP://b.test/2.png', null],
      ],
    ],
    [
      'CSV',
      `category,url\nred fox,${A}\nwolf,http://b.test/?a=1`,
      [
        [A, 'red fox'],
        ['http://b.test/?a=1', 'wolf'],
      ],
    ],
    ['CSV, columns in any order', `\uFEFFid, URL ,Category\n1,"${A}","fox, ""red"""`, [[A, 'fox, "red"']]],
    ['CSV without categories', `url\n"https://b.test/a,b.jpg"`, [['https://b.test/a,b.jpg', null]]],
    [
      'JSON lines',
      `{"url":"${A}","category":"fox"}\n{"url":"http://b.test/2","n":1}`,
      [
        [A, 'fox'],
        ['http://b.test/2', null],
      ],
    ],
  ])('reads %s', (_form, text, expected) => {
    expect(parseUrlList(text).map(({ url, category }) => [url, category])).toEqual(expected);
  });

  it.each([
    ['', 1],
    ['foxes', 1],
    [`${A}\nfile:///etc/passwd`, 2],
    [`category,url\nfox,${A}\nfox,graft-folder:///a/1.jpg`, 3],
    [`category,url\nfox,"${A}`, 2],
    [`{"url":"${A}"}\n{"url":`, 2],
    [`{"category":"fox"}`, 1],
    ['[]', 1],
  ])('refuses %j at line %d', (text, line) => {
    expect(() => parseUrlList(text)).toThrow(`line ${line}:`);
  });
});

describe('urlsOf', () => {
  it('gives a category its own addresses and those of no category, whatever the case', () => {
    const list = parseUrlList(`category,url\nRed_Fox,${A}\n,http://b.test/2\nwolf,http://c.test/3`);
    expect(urlsOf(list, 'red fox')).toEqual([A, 'http://b.test/2']);
  });
});

import { expect, test } from 'vitest';
import { hashText } from '../../../../zoo/text/hash.js';
import { normaliseText, wordsOf } from '../../../../zoo/text/words.js';

test('words of spaced languages: lower case, apostrophes inside, moods kept, punctuation left out', () => {
  expect(wordsOf("It’s GREAT!! Really? 3 stars, don't miss-it…")).toEqual([
    ...["it's", 'great', '!', '!', 'really', '?', '3', 'stars', "don't", 'miss', 'it'],
  ]);
  expect(wordsOf('Ça marche très bien, 100 % naïve')).toEqual([
    'ça',
    'marche',
    'très',
    'bien',
    '100',
    'naïve',
  ]);
});

test('combining marks belong to their letter, whichever way a text is written', () => {
  expect(wordsOf('cafe\u0301')).toEqual(['café']);
  expect(wordsOf('हिन्दी भाषा')).toEqual(['हिन्दी', 'भाषा']);
});

test('Japanese, Chinese and Thai are cut into words without spaces', () => {
  expect(wordsOf('この映画はとても面白かった。')).toContain('映画');
  expect(wordsOf('这部电影很好看')).toContain('电影');
  expect(wordsOf('ภาพยนตร์ดีมาก').length).toBeGreaterThan(1);
  expect(wordsOf('Netflixの映画 is good')).toEqual(expect.arrayContaining(['netflix', '映画', 'is', 'good']));
});

test('full-width forms are the same words', () => {
  expect(normaliseText('ＡＢＣ１')).toBe('abc1');
  expect(wordsOf('')).toEqual([]);
  expect(wordsOf(' \n\t—')).toEqual([]);
  expect(wordsOf('ok 👍')).toEqual(['ok', '👍']);
});

test('the hash is FNV-1a over UTF-8', () => {
  // Reference values of the FNV page (Fowler, Noll, Vo) for 32 bits.
  expect(hashText('')).toBe(0x811c9dc5);
  expect(hashText('a')).toBe(0xe40c292c);
  expect(hashText('foobar')).toBe(0xbf9cf968);
  for (const text of ['naïve', '映画', '👍 ok']) {
    let hash = 0x811c9dc5;
    for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
    expect(hashText(text)).toBe(hash >>> 0);
  }
});

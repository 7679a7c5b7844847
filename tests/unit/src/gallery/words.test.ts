import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { segment, singular, squash, wordsOf } from '../../../../src/gallery/words.js';

describe('singular', () => {
  it.each([
    ['fruits', 'fruit'],
    ['buses', 'bus'],
    ['boxes', 'box'],
    ['cherries', 'cherry'],
    ['houses', 'house'],
    ['glasses', 'glass'],
    ['tomatoes', 'tomato'],
    ['shoes', 'shoe'],
    ['mice', 'mouse'],
    ['leaves', 'leaf'],
    ['bus', 'bus'],
    ['glass', 'glass'],
    ['gas', 'gas'],
  ])('takes %s to %s', (plural, expected) => {
    expect(singular(plural)).toBe(expected);
  });
});

describe('wordsOf', () => {
  it('splits names, keywords and queries alike', () => {
    for (const text of ['red-apples', 'red_apple', ' Red  Apple! ', 'rèd apple']) {
      expect(wordsOf(text)).toEqual(['red', 'apple']);
    }
  });

  it('finds nothing in signs', () => {
    expect(wordsOf(':) -_- %')).toEqual([]);
  });
});

describe('segment', () => {
  const vocabulary = new Set(['house', 'building', 'build', 'ing', 'the', 'tree', 'street']);

  it('cuts into the fewest known words', () => {
    expect(segment('housebuilding', vocabulary)).toEqual(['house', 'building']);
  });

  it('does not take the longest piece when that leads nowhere', () => {
    expect(segment('thestreet', vocabulary)).toEqual(['the', 'street']);
  });

  it('gives null for what the words do not cover', () => {
    expect(segment('housex', vocabulary)).toBeNull();
  });

  it('covers the whole of any row of known words', () => {
    const rows = fc.array(fc.constantFrom(...vocabulary), { minLength: 1, maxLength: 6 });
    fc.assert(fc.property(rows, (words) => segment(words.join(''), vocabulary)?.join('') === words.join('')));
  });
});

describe('squash', () => {
  it('makes one key of the ways to write a name', () => {
    expect(new Set(['red-apple', 'red_apple', 'redapple', 'Red apple'].map(squash))).toEqual(
      new Set(['redapple']),
    );
  });
});

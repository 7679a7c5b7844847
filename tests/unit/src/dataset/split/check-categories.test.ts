import { describe, expect, it } from 'vitest';
import {
  categoryKey,
  CategoryNamesError,
  checkCategories,
  MAX_CATEGORY_LENGTH,
} from '../../../../../src/dataset/split/check-categories.js';

function problemsOf(names: readonly string[]): readonly string[] {
  try {
    checkCategories(names);
  } catch (error) {
    if (error instanceof CategoryNamesError) return error.problems;
    throw error;
  }
  return [];
}

describe('checkCategories', () => {
  it('returns tidy names in the same order, other scripts and signs included', () => {
    expect(checkCategories(['  red   apple ', 'C++', 'éclair', '猫', "bird's nest"])).toEqual([
      'red apple',
      'C++',
      'éclair',
      '猫',
      "bird's nest",
    ]);
  });

  it.each([
    ['case', 'Cat', 'cAT'],
    ['space', 'red apple', ' red  apple'],
    ['a no-break space', 'red apple', 'red\u00a0apple'],
    ['composed and decomposed letters', 'caf\u00e9', 'cafe\u0301'],
    ['wide letters', 'cat', '\uff43\uff41\uff54'],
    ['sharp s', 'Straße', 'STRASSE'],
  ])('takes names that differ only by %s for the same', (_, a, b) => {
    expect(categoryKey(a)).toBe(categoryKey(b));
    expect(problemsOf([a, b, 'dog']).join()).toMatch(/same category/);
  });

  it('asks for two categories and says what it was given', () => {
    expect(problemsOf(['cat']).join()).toMatch(/At least 2 .* only "cat" was given/);
    expect(problemsOf([]).join()).toMatch(/At least 2 .* none was given/);
    expect(problemsOf(['cat', 'CAT'])).toHaveLength(2);
  });

  it.each([
    ['empty', '  ', /empty/],
    ['too long', 'x'.repeat(MAX_CATEGORY_LENGTH + 1), /81 characters/],
    ['a path', '../etc', /path/],
    ['a Windows path', 'a\\b', /path/],
    ['a hidden folder', '.git', /path/],
    ['a control character', 'ca\u0007t', /control character/],
    ['a direction override', 'cat\u202egpj', /control character/],
  ])('refuses a name that is %s', (_, name, message) => {
    expect(problemsOf([name, 'dog', 'fox']).join()).toMatch(message);
  });

  it('counts characters, not code units', () => {
    expect(problemsOf(['🐈'.repeat(MAX_CATEGORY_LENGTH), 'dog'])).toEqual([]);
  });
});

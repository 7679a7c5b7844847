import { describe, expect, it } from 'vitest';
import { addNames, parseNames } from '../../../web/src/lib/names';

describe('category names that a person types or pastes', () => {
  it.each([
    ['cat, dog,fox', ['cat', 'dog', 'fox']],
    ['cat\ndog\r\n\r\nfox\n', ['cat', 'dog', 'fox']],
    ['  polar   bear ; brown bear;', ['polar bear', 'brown bear']],
    ['ねこ、いぬ，きつね', ['ねこ', 'いぬ', 'きつね']],
    ['', []],
    [' , ;\n', []],
  ])('takes %j apart', (text, names) => {
    expect(parseNames(text)).toEqual(names);
  });

  it('adds each name once, whatever its case, width and spaces', () => {
    expect(addNames(['Cat'], ['cat ', 'ＣＡＴ', 'dog', 'Dog'])).toEqual(['Cat', 'dog']);
  });
});

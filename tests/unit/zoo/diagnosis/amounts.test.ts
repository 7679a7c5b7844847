import { describe, expect, it } from 'vitest';
import { unbalanced } from '../../../../zoo/diagnosis/amounts.js';
import type { Wording } from '../../../../zoo/wording.js';

const wording: Wording = {
  one: 'picture',
  many: 'pictures',
  moreFrom: 'look elsewhere',
  ownBackbone: 'add one',
};
const classNames = ['ant', 'bee', 'cat', 'dog'];

/** Held-out answers by how many pictures of a category (row) were taken for which (column). */
function answersOf(taken: readonly (readonly number[])[]) {
  const pairs = taken.flatMap((row, truth) =>
    row.flatMap((count, answer) => Array.from({ length: count }, () => ({ truth, answer }))),
  );
  const data = Float64Array.from(
    pairs.flatMap(({ answer }) => classNames.map((_, i) => Number(i === answer))),
  );
  return {
    wording,
    classNames,
    y: Int32Array.from(pairs, ({ truth }) => truth),
    heldOut: { rows: pairs.length, classes: classNames.length, data },
  };
}

const found = (taken: readonly (readonly number[])[]): string[] =>
  unbalanced(answersOf(taken), new Set()).flatMap(({ categories }) => categories);

describe('a category with fewer pictures', () => {
  it('is unbalanced when larger ones draw its pictures', () => {
    expect(
      found([
        [118, 2, 0, 0],
        [2, 118, 0, 0],
        [14, 0, 16, 0],
        [0, 0, 0, 30],
      ]),
    ).toEqual(['cat']);
  });

  it('is not when it loses them to one of its own size, or gains as many', () => {
    const twins = [
      [118, 2, 0, 0],
      [2, 118, 0, 0],
      [0, 0, 14, 16],
      [0, 0, 4, 27],
    ];
    expect(found(twins)).toEqual([]);
    const even = [
      [106, 2, 12, 0],
      [2, 118, 0, 0],
      [14, 0, 16, 0],
      [0, 0, 0, 30],
    ];
    expect(found(even)).toEqual([]);
  });

  it('says what went where in numbers of pictures', () => {
    const [one] = unbalanced(
      answersOf([
        [116, 2, 2, 0],
        [2, 118, 0, 0],
        [13, 0, 16, 1],
        [0, 0, 0, 30],
      ]),
      new Set(),
    );
    expect(one?.evidence).toMatchObject({ pictures: 30, mean: 75, lost: 13, gained: 2, recall: 16 / 30 });
    expect(one?.fix).toContain('45 pictures of cat');
  });
});

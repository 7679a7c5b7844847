import { expect, test } from 'vitest';
import { displayWidth, renderTable, truncate } from '../../../../../src/cli/render/table.js';

test('columns are as wide as their widest cell, numbers stand on the right', () => {
  const table = renderTable(
    [{ title: 'name' }, { title: 'n', align: 'right' }],
    [
      ['cat', '7'],
      ['kangaroo', '120'],
    ],
  );
  expect(table.split('\n')).toEqual(['name        n', '────────  ───', 'cat         7', 'kangaroo  120']);
});

test('cells in any script line up: what counts is cells of the terminal, not characters', () => {
  const table = renderTable(
    [{ title: 'name' }, { title: 'n' }],
    [
      ['猫', '1'],
      ['cafe\u0301', '2'],
      ['🍎', '3'],
      ['plain', '4'],
    ],
  );
  const [, rule, ...rows] = table.split('\n');
  expect(rule).toBe('─────  ─');
  expect(rows.map((row) => displayWidth(row))).toEqual([8, 8, 8, 8]);
  expect(rows[1]).toBe('cafe\u0301   2');
});

test('no rows leave the heading, and a missing cell is empty', () => {
  expect(renderTable([{ title: 'a' }, { title: 'b' }], [])).toBe('a  b\n─  ─');
  expect(
    renderTable([{ title: 'a' }, { title: 'b' }], [['x']])
      .split('\n')
      .at(-1),
  ).toBe('x');
});

test('cuts to cells, never through a wide character', () => {
  expect(truncate('abcdef', 6)).toBe('abcdef');
  expect(truncate('abcdef', 4)).toBe('abc…');
  expect(truncate('猫猫猫', 4)).toBe('猫…');
  expect(displayWidth('\u001b[31mred\u001b[0m')).toBe(3);
});

test('a name cannot steer the terminal or break the row', () => {
  const [, , row] = renderTable(
    [{ title: 'file' }, { title: 'n' }],
    [['\u001b[2Jevil\nname\u0007.jpg', '1']],
  ).split('\n');
  expect(row).toBe('evil name .jpg  1');
});

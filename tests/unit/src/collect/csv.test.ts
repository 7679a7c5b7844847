import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellsOfLine, formatCsv } from '../../../../src/collect/csv.js';

describe('CSV', () => {
  it('comes back as it was written, whatever is in the cells', () => {
    const cell = fc
      .string()
      .filter((text) => !/[\r\n]/.test(text) && text.trim() === text && !/^[=+\-@\t]/.test(text));
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1 }), (cells) => {
        expect(cellsOfLine(formatCsv([cells]).slice(0, -2))).toEqual(cells);
      }),
    );
  });

  it('keeps line breaks and quotes inside quotes', () => {
    expect(formatCsv([['a\nb', 'say "no"', 7, null]])).toBe('"a\nb","say ""no""",7,\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx'])('lets no spreadsheet take %j for a formula', (text) => {
    expect(formatCsv([[text]])).toBe(`'${text}\r\n`);
  });

  it.each([
    ['cat,"https://x.org/a,b.jpg"', ['cat', 'https://x.org/a,b.jpg']],
    [' cat , "x" ', ['cat', 'x']],
    ['a,', ['a', '']],
    ['', ['']],
    ['"open', null],
    ['a"b,c', null],
    ['"a"b,c', null],
  ])('reads %j', (line, cells) => {
    expect(cellsOfLine(line)).toEqual(cells);
  });
});

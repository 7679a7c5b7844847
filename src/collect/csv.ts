/**
 * The cells of one line of CSV (RFC 4180): quotes around a cell, doubled inside it. A cell has no line break here, so that
 * one bad line spoils none of the others.
 * @returns null when a quote is not closed, or stands inside a cell
 */
export function cellsOfLine(line: string): string[] | null {
  const cell = /\s*(?:"((?:[^"]|"")*)"|([^",]*))\s*(,|$)/y;
  const cells: string[] = [];
  for (;;) {
    const found = cell.exec(line);
    if (!found) return null;
    cells.push(found[1]?.replaceAll('""', '"') ?? found[2]?.trim() ?? '');
    if (found[3] === '') return cells;
  }
}

/** Spreadsheets take cells that begin so for formulas and run them: text from the web gets an apostrophe before it. */
const FORMULA = /^[=+\-@\t\r]/;

function cellText(value: string | number | null): string {
  if (value === null) return '';
  const text = typeof value === 'string' && FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Writes CSV as RFC 4180 has it. */
export const formatCsv = (rows: readonly (readonly (string | number | null)[])[]): string =>
  rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('');

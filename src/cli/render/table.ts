import { stripVTControlCharacters } from 'node:util';
import { printable } from './format.js';

export interface Column {
  title: string;
  align?: 'left' | 'right';
}

/**
 * How many cells of a terminal a text fills: control sequences and combining marks none, East Asian wide characters and
 * emoji two. Names of categories come in every script.
 */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(stripVTControlCharacters(text)))
    width += isWide(segment) ? 2 : 1;
  return width;
}

const isWide = (segment: string): boolean =>
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]/u.test(
    segment,
  );

function pad(text: string, width: number, align: Column['align']): string {
  const filler = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'right' ? filler + text : text + filler;
}

/** File names and titles may hold anything; the space before a nested reason is meant. */
const cellText = (cell: string): string => printable(stripVTControlCharacters(cell));

/** A table with a line under its heading; columns are as wide as their widest cell, two spaces apart. */
export function renderTable(columns: readonly Column[], contents: readonly (readonly string[])[]): string {
  const rows = contents.map((cells) => cells.map(cellText));
  const widths = columns.map(({ title }, i) =>
    Math.max(displayWidth(title), ...rows.map((row) => displayWidth(row[i] ?? ''))),
  );
  const lineOf = (cells: readonly string[]): string =>
    columns
      .map(({ align }, i) => pad(cells[i] ?? '', widths[i] ?? 0, align))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [lineOf(columns.map(({ title }) => title)), rule, ...rows.map(lineOf)].join('\n');
}

/** Cuts a text to a number of cells, with an ellipsis when something is lost. */
export function truncate(text: string, cells: number): string {
  if (displayWidth(text) <= cells) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (displayWidth(kept + segment) > cells - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

import { sameNameKey } from './category-name.js';

/** One line of a list of addresses. */
export interface ListedUrl {
  url: string;
  /** `null` when the list does not say: then it belongs to whatever is asked for. */
  category: string | null;
}

/** A line that cannot be read, counted from 1. */
export class UrlListError extends Error {
  constructor(line: number, problem: string) {
    super(`line ${line}: ${problem}`);
    this.name = 'UrlListError';
  }
}

interface Line {
  number: number;
  text: string;
}

/** Lines with something on them; '#' starts a remark, as in lists for wget and aria2. */
const linesOf = (text: string): Line[] =>
  text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((line, index) => ({ number: index + 1, text: line.trim() }))
    .filter((line) => line.text !== '' && !line.text.startsWith('#'));

function listed(line: Line, url: unknown, category: unknown): ListedUrl {
  if (typeof url !== 'string' || !/^https?:\/\//i.test(url.trim()) || !URL.canParse(url.trim()))
    throw new UrlListError(line.number, `not an http(s) address: ${JSON.stringify(url)?.slice(0, 100)}`);
  const name = typeof category === 'string' ? category.trim() : '';
  return { url: url.trim(), category: name || null };
}

function fromJson(line: Line): ListedUrl {
  try {
    const { url, category } = JSON.parse(line.text) as { url?: unknown; category?: unknown };
    return listed(line, url, category);
  } catch (error) {
    if (error instanceof UrlListError) throw error;
    throw new UrlListError(line.number, 'not a JSON object like {"category":"cat","url":"https://..."}');
  }
}

/** The cells of one CSV line (RFC 4180): quotes around a cell, doubled inside it; a cell has no line break here. */
function cellsOf(line: Line): string[] {
  const cells: string[] = [];
  const cell = /\s*(?:"((?:[^"]|"")*)"|([^",]*))\s*(,|$)/y;
  for (;;) {
    const found = cell.exec(line.text);
    if (!found) throw new UrlListError(line.number, 'a quote is not closed, or stands inside a cell');
    cells.push(found[1]?.replaceAll('""', '"') ?? found[2]?.trim() ?? '');
    if (found[3] === '') return cells;
  }
}

function fromCsv(header: readonly string[], lines: readonly Line[]): ListedUrl[] {
  const urlAt = header.indexOf('url');
  const categoryAt = header.indexOf('category');
  return lines.map((line) => {
    const cells = cellsOf(line);
    return listed(line, cells[urlAt], categoryAt < 0 ? null : cells[categoryAt]);
  });
}

const isAddress = (line: Line): boolean => /^https?:\/\//i.test(line.text);

/**
 * Reads a list of addresses, in whichever of three forms it is: plain lines, CSV with the header `category,url` or
 * `url` (other columns are ignored), or JSON lines `{"category":"cat","url":"https://..."}`.
 * @throws UrlListError naming the line
 */
export function parseUrlList(text: string): ListedUrl[] {
  const lines = linesOf(text);
  const [first, ...rest] = lines;
  if (!first) throw new UrlListError(1, 'the list is empty');
  if (first.text.startsWith('{')) return lines.map(fromJson);
  if (isAddress(first)) return lines.map((line) => listed(line, line.text, null));
  const header = cellsOf(first).map((name) => name.toLowerCase());
  if (header.includes('url')) return fromCsv(header, rest);
  throw new UrlListError(
    first.number,
    'neither an address, nor the header "category,url" or "url", nor JSON',
  );
}

/** The addresses that belong to a category. */
export const urlsOf = (list: readonly ListedUrl[], category: string): string[] =>
  list
    .filter((row) => row.category === null || sameNameKey(row.category) === sameNameKey(category))
    .map((row) => row.url);

import { readFile } from 'node:fs/promises';
import { cellsOfLine } from '../collect/csv.js';
import type { UrlRow } from '../http/api.js';
import { usageError } from './errors.js';

export interface UrlList {
  readonly rows: readonly UrlRow[];
  /** Lines that could not be read, and why. */
  readonly bad: readonly string[];
}

export const NO_LIST: UrlList = { rows: [], bad: [] };

const FIX =
  'It is a CSV file with the header category,url and a row a picture: cat,https://example.org/cat.jpg';

/** Columns that may stand beside `category` and `url`, and what they are called in a row. */
const OPTIONAL_COLUMNS = {
  page: 'page',
  creator: 'creator',
  licence: 'licence',
  license: 'licence',
  licence_url: 'licenceUrl',
  license_url: 'licenceUrl',
} as const;

/** @throws CliError when there is no such file, or it is no list */
export async function readUrlList(path: string): Promise<UrlList> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why =
      error.code === 'ENOENT' ? 'does not exist' : `cannot be read (${error.code ?? error.message})`;
    throw usageError('no-such-file', `The file ${path} ${why}.`, FIX);
  });
  const list = parseUrlRows(text);
  if (!list) throw usageError('bad-url-list', `${path} does not begin with the header category,url.`, FIX);
  if (list.rows.length === 0) throw usageError('bad-url-list', `${path} has no row that can be read.`, FIX);
  return list;
}

/** The column of the address; in the attribution of a data set, which Graft itself writes, it is called `image`. */
const ADDRESS_COLUMNS = ['url', 'image'] as const;

/** @returns null when the header is not there */
export function parseUrlRows(text: string): UrlList | null {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const header = cellsOfLine(lines[0] ?? '')?.map((name) => name.toLowerCase());
  const address = ADDRESS_COLUMNS.find((name) => header?.includes(name));
  if (!header?.includes('category') || address === undefined) return null;
  const rows: UrlRow[] = [];
  const bad: string[] = [];
  for (const [index, text] of lines.entries()) {
    if (index === 0 || text.trim() === '') continue;
    const row = rowOf(header, address, text);
    if (typeof row === 'string') bad.push(`line ${index + 1} (${row})`);
    else rows.push({ ...row, line: index + 1 });
  }
  return { rows, bad };
}

function rowOf(header: readonly string[], address: string, text: string): UrlRow | string {
  const cells = cellsOfLine(text);
  if (!cells) return 'a quotation mark is not closed, or stands inside a cell';
  const byName = new Map(header.map((name, column) => [name, cells[column] ?? '']));
  const [category = '', url = ''] = [byName.get('category'), byName.get(address)];
  if (category === '') return 'it names no category';
  if (url === '') return 'it has no address';
  const more = Object.entries(OPTIONAL_COLUMNS).flatMap(([column, field]) => {
    const value = byName.get(column);
    return value ? [[field, value] as const] : [];
  });
  return { category, url, ...Object.fromEntries(more) };
}

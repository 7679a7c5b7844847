import { extname } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { GraftError } from '../runs/errors.js';

/** A labelled text, and the place it was read from. */
export interface LabelledText {
  readonly label: string;
  readonly text: string;
  readonly place: string;
}

export interface ReadTexts<T> {
  readonly rows: readonly T[];
  /** What was left out, and why. */
  readonly leftOut: readonly string[];
}

/** What a file of labelled texts may be. */
export const TEXTS_FIX =
  'Give a CSV file with the header label,text; JSON lines of {"label": ..., "text": ...}; or a folder with one folder of .txt files a label.';

const labelledRow = z.object({ label: z.coerce.string().trim().min(1), text: z.string().trim().min(1) });
const textRow = z.object({ text: z.string().trim().min(1) });

const unusable = (code: string, message: string, fix: string): GraftError =>
  new GraftError({ code, message, fix, status: 422 });

/** @throws GraftError naming the first line that is not UTF-8 */
export function decodeUtf8(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unusable(
      'not-utf-8',
      `The file ${name} is not UTF-8 (first in line ${firstBadLine(bytes)}).`,
      'Save it as UTF-8; in a spreadsheet: "CSV UTF-8".',
    );
  }
}

/** The line of the first bytes that are no UTF-8. */
function firstBadLine(bytes: Uint8Array): number {
  const readable = new TextDecoder('utf-8').decode(bytes);
  return readable.slice(0, Math.max(0, readable.indexOf('\uFFFD'))).split('\n').length;
}

interface RawRow {
  readonly value: unknown;
  readonly line: number;
}

function csvRows(name: string, content: string, columns: readonly string[]): RawRow[] {
  const header = (names: string[]): string[] => {
    const found = names.map((column) => column.trim().toLowerCase());
    const missing = columns.filter((column) => !found.includes(column));
    if (missing.length === 0) return found;
    throw unusable(
      'wrong-header',
      `${name} begins with the header "${names.join(',').slice(0, 100)}"; it lacks ${missing.join(' and ')}.`,
      `Its first line must be ${columns.join(',')}.`,
    );
  };
  try {
    const records = parse(content, {
      ...{ columns: header, bom: true, skip_empty_lines: true, relax_column_count: true, info: true },
    }) as unknown as { record: unknown; info: { lines: number } }[];
    return records.map(({ record, info }) => ({ value: record, line: info.lines }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw unusable('bad-csv', `${name} cannot be read as CSV: ${error.message}.`, TEXTS_FIX);
  }
}

function jsonRows(content: string): RawRow[] {
  return content.split(/\r\n|\n|\r/).flatMap((line, at): RawRow[] => {
    if (line.trim() === '') return [];
    try {
      return [{ value: JSON.parse(line) as unknown, line: at + 1 }];
    } catch {
      return [{ value: null, line: at + 1 }];
    }
  });
}

const isJsonLines = (name: string): boolean =>
  ['.jsonl', '.ndjson', '.json'].includes(extname(name).toLowerCase());

function readRows<T>(
  name: string,
  bytes: Uint8Array,
  columns: readonly string[],
  schema: z.ZodType<T>,
): ReadTexts<T & { place: string }> {
  const content = decodeUtf8(name, bytes);
  const raw = isJsonLines(name) ? jsonRows(content) : csvRows(name, content, columns);
  const rows: (T & { place: string })[] = [];
  const leftOut: string[] = [];
  for (const { value, line } of raw) {
    const row = schema.safeParse(value);
    if (row.success) rows.push({ ...row.data, place: `line ${line}` });
    else
      leftOut.push(
        `line ${line} (${value === null ? 'no JSON' : `no ${row.error.issues[0]?.path.join('.') || 'row'}`})`,
      );
  }
  return { rows, leftOut };
}

/** Labelled texts from a CSV file or JSON lines; the name's ending tells which. @throws GraftError saying what is wrong with it */
export function readLabelled(name: string, bytes: Uint8Array): ReadTexts<LabelledText> {
  const read = readRows(name, bytes, ['label', 'text'], labelledRow);
  if (read.rows.length === 0) throw noLabelled(name);
  return read;
}

export const noLabelled = (name: string): GraftError =>
  unusable('no-texts', `${name} holds no labelled text.`, TEXTS_FIX);

/** Texts without labels: one a line, or a CSV file or JSON lines with a column `text`. @throws GraftError */
export function readUnlabelled(name: string, bytes: Uint8Array): ReadTexts<string> {
  if (extname(name).toLowerCase() === '.csv' || isJsonLines(name)) {
    const { rows, leftOut } = readRows(name, bytes, ['text'], textRow);
    return { rows: rows.map(({ text }) => text), leftOut };
  }
  const lines = decodeUtf8(name, bytes).split(/\r\n|\n|\r/);
  return { rows: lines.map((line) => line.trim()).filter((line) => line !== ''), leftOut: [] };
}

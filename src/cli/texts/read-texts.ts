import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { usageError } from '../errors.js';

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

const FIX =
  'Give a CSV file with the header label,text; JSON lines of {"label": ..., "text": ...}; or a folder with one folder of .txt files a label.';

const labelledRow = z.object({ label: z.coerce.string().trim().min(1), text: z.string().trim().min(1) });
const textRow = z.object({ text: z.string().trim().min(1) });

/** @throws CliError when there is no such file, or it is not UTF-8 */
async function readUtf8(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const why =
      error.code === 'ENOENT' ? 'does not exist' : `cannot be read (${error.code ?? error.message})`;
    throw usageError('no-such-file', `The file ${path} ${why}.`, FIX);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const at = firstBadLine(bytes);
    throw usageError(
      'not-utf-8',
      `The file ${path} is not UTF-8 (first in line ${at}).`,
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

function csvRows(path: string, content: string, columns: readonly string[]): RawRow[] {
  const header = (names: string[]): string[] => {
    const found = names.map((name) => name.trim().toLowerCase());
    const missing = columns.filter((name) => !found.includes(name));
    if (missing.length === 0) return found;
    throw usageError(
      'wrong-header',
      `${path} begins with the header "${names.join(',').slice(0, 100)}"; it lacks ${missing.join(' and ')}.`,
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
    throw usageError('bad-csv', `${path} cannot be read as CSV: ${error.message}.`, FIX);
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

const isJsonLines = (path: string): boolean =>
  ['.jsonl', '.ndjson', '.json'].includes(extname(path).toLowerCase());

async function readRows<T>(
  path: string,
  columns: readonly string[],
  schema: z.ZodType<T>,
): Promise<ReadTexts<T & { place: string }>> {
  const content = (await readUtf8(path)).replace(/^\uFEFF/, '');
  const raw = isJsonLines(path) ? jsonRows(content) : csvRows(path, content, columns);
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

async function readFolder(root: string): Promise<ReadTexts<LabelledText>> {
  const rows: LabelledText[] = [];
  const leftOut: string[] = [];
  const folders = (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  for (const { name: label } of folders.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    for (const name of (await readdir(join(root, label))).sort()) {
      const place = `${label}/${name}`;
      if (extname(name).toLowerCase() !== '.txt') leftOut.push(`${place} (not a .txt file)`);
      else {
        const text = await readUtf8(join(root, place)).catch(() => null);
        if (text === null) leftOut.push(`${place} (not UTF-8)`);
        else if (text.trim() === '') leftOut.push(`${place} (empty)`);
        else rows.push({ label, text: text.trim(), place });
      }
    }
  }
  return { rows, leftOut };
}

/** Labelled texts from a CSV file, JSON lines or a folder of folders. @throws CliError saying what is wrong with it */
export async function readLabelled(path: string): Promise<ReadTexts<LabelledText>> {
  const facts = await stat(path).catch(() => null);
  const read = facts?.isDirectory()
    ? await readFolder(path)
    : await readRows(path, ['label', 'text'], labelledRow);
  if (read.rows.length === 0) throw usageError('no-texts', `${path} holds no labelled text.`, FIX);
  return read;
}

/** Texts without labels: one a line, or a CSV file or JSON lines with a column `text`. @throws CliError */
export async function readUnlabelled(path: string): Promise<ReadTexts<string>> {
  if (extname(path).toLowerCase() === '.csv' || isJsonLines(path)) {
    const { rows, leftOut } = await readRows(path, ['text'], textRow);
    return { rows: rows.map(({ text }) => text), leftOut };
  }
  const lines = (await readUtf8(path)).replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  return { rows: lines.map((line) => line.trim()).filter((line) => line !== ''), leftOut: [] };
}

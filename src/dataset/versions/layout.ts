import type { Readable } from 'node:stream';
import { formatCsv } from '../../collect/csv.js';
import type { ExportFormat } from './formats.js';
import type { FrozenPicture } from './frozen.js';

/** A file of an export: a path with `/` between its parts, and what it holds. */
export interface ExportFile {
  readonly path: string;
  readonly content: { readonly text: string } | { readonly bytes: number; open(): Readable };
}

/** A stored picture, ready to be copied. */
export interface StoredPicture {
  /** With the dot: '.jpg'. */
  readonly extension: string;
  readonly bytes: number;
  open(): Readable;
}

export type ReadPicture = (sha256: string) => Promise<StoredPicture>;

export const ATTRIBUTION = 'ATTRIBUTION.csv';
export const METADATA = 'metadata.jsonl';

/** Characters that some file system refuses, and names that Windows keeps for itself. */
const REFUSED = /[<>:"|?*\\/\u0000-\u001f]/gu; // eslint-disable-line no-control-regex
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?$/iu;

function folderName(name: string): string {
  const plain = name.replace(REFUSED, '_').replace(/[. ]+$|^[. ]+/gu, '_');
  return RESERVED.test(plain) || plain === '' ? `_${plain}` : plain;
}

/** A folder for each category: its name, made safe for any file system; two never share one. */
export function folderNames(categories: Iterable<string>): Map<string, string> {
  const taken = new Set<string>();
  const names = new Map<string, string>();
  for (const category of [...new Set(categories)].sort()) {
    const plain = folderName(category);
    let name = plain;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${plain}-${n}`;
    taken.add(name.toLowerCase());
    names.set(category, name);
  }
  return names;
}

const COLUMNS = [
  'sha256',
  'category',
  'part',
  'provider',
  'query',
  'page',
  'creator',
  'licence',
  'licence_url',
  'title',
  'image',
];

/** A line a picture: where it is in the data set, where it comes from, who made it and under which licence. */
export const attributionCsv = (pictures: readonly FrozenPicture[]): string =>
  formatCsv([
    COLUMNS,
    ...pictures.map((picture) => [
      picture.sha256,
      picture.category,
      picture.part,
      picture.provider,
      picture.query,
      picture.pageUrl,
      picture.creator,
      picture.licence,
      picture.licenceUrl,
      picture.title,
      picture.imageUrl,
    ]),
  ]);

/** `<category>/<sha256>.<ext>`, what `graft build --from` takes, and the attribution beside. */
async function* folders(pictures: readonly FrozenPicture[], read: ReadPicture): AsyncIterable<ExportFile> {
  const names = folderNames(pictures.map(({ category }) => category));
  yield { path: ATTRIBUTION, content: { text: attributionCsv(pictures) } };
  for (const { sha256, category } of pictures) {
    const { extension, ...content } = await read(sha256);
    yield { path: `${names.get(category)}/${sha256}${extension}`, content };
  }
}

function metadataOf({ category, part, ...origin }: FrozenPicture): Record<string, unknown> {
  return { label: category, split: part, ...origin };
}

/** Hugging Face imagefolder: `<part>/<category>/<file>`, and for each part a metadata.jsonl with label and attribution. */
async function* imagefolder(
  pictures: readonly FrozenPicture[],
  read: ReadPicture,
): AsyncIterable<ExportFile> {
  const names = folderNames(pictures.map(({ category }) => category));
  const lines = new Map<string, string[]>();
  for (const picture of pictures) {
    const { extension, ...content } = await read(picture.sha256);
    const file = `${names.get(picture.category)}/${picture.sha256}${extension}`;
    const line = `${JSON.stringify({ file_name: file, ...metadataOf(picture) })}\n`;
    lines.set(picture.part, [...(lines.get(picture.part) ?? []), line]);
    yield { path: `${picture.part}/${file}`, content };
  }
  for (const [part, all] of lines) yield { path: `${part}/${METADATA}`, content: { text: all.join('') } };
}

/** WebDataset: the files of one sample side by side, of one name: picture, class number (.cls) and all there is to know (.json). */
async function* webDataset(
  pictures: readonly FrozenPicture[],
  read: ReadPicture,
  categories: readonly string[],
): AsyncIterable<ExportFile> {
  for (const picture of pictures) {
    const key = `${picture.part}/${picture.sha256}`;
    const { extension, ...content } = await read(picture.sha256);
    yield { path: `${key}${extension}`, content };
    yield { path: `${key}.cls`, content: { text: String(categories.indexOf(picture.category)) } };
    yield { path: `${key}.json`, content: { text: JSON.stringify(metadataOf(picture)) } };
  }
}

/** The files of an export, one at a time; pictures are opened only when they are read. */
export function exportFiles(
  format: Exclude<ExportFormat, 'csv'>,
  { pictures, categories }: { pictures: readonly FrozenPicture[]; categories: readonly string[] },
  read: ReadPicture,
): AsyncIterable<ExportFile> {
  if (format === 'hf') return imagefolder(pictures, read);
  if (format === 'webdataset') return webDataset(pictures, read, categories);
  return folders(pictures, read);
}

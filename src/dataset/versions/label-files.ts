import { posix } from 'node:path';

/** A file of a data set that is being read: its path inside, and how to get at its text. */
export interface DatasetFile {
  /** With `/` between the parts. */
  readonly name: string;
  text(): Promise<string>;
}

export interface Labelled<T> {
  readonly byCategory: Map<string, T[]>;
  /** Pictures that nothing tells the category of. */
  readonly unlabelled: string[];
}

const PICTURE = /\.(?:jpe?g|png|webp|gif|avif|tiff?|bmp|svg)$/i;
const METADATA = /(?:^|\/)metadata\.jsonl$/i;
/** Folders that say which part a picture is in, not what it shows. */
const PARTS = new Set([
  'train',
  'training',
  'validation',
  'valid',
  'val',
  'test',
  'testing',
  'data',
  'images',
]);

function readLine(line: string): { file: string; label: string } | null {
  try {
    const row = JSON.parse(line) as Record<string, unknown>;
    const label = row['label'] ?? row['category'];
    if (typeof row['file_name'] !== 'string' || typeof label !== 'string') return null;
    return { file: row['file_name'], label };
  } catch {
    return null; // one bad line spoils none of the others: its picture is labelled by its folder, or reported
  }
}

/** Labels by path from Hugging Face's metadata.jsonl files; paths in them are relative to theirs. */
async function metadataLabels(files: readonly DatasetFile[]): Promise<Map<string, string>> {
  const labels = new Map<string, string>();
  for (const file of files.filter(({ name }) => METADATA.test(name))) {
    for (const line of (await file.text()).split('\n')) {
      const row = line.trim() === '' ? null : readLine(line);
      if (row) labels.set(posix.join(posix.dirname(file.name), row.file), row.label);
    }
  }
  return labels;
}

const withoutExtension = (name: string): string => name.replace(/\.[^./]+$/, '');

async function sidecarLabel(
  picture: string,
  byName: ReadonlyMap<string, DatasetFile>,
): Promise<string | null> {
  const text = await byName.get(`${withoutExtension(picture)}.json`)?.text();
  if (text === undefined) return null;
  try {
    const { label } = JSON.parse(text) as { label?: unknown };
    return typeof label === 'string' ? label : null;
  } catch {
    return null;
  }
}

/** The folder a picture lies in, unless that only tells its part. */
function folderLabel(name: string): string | null {
  const folder = posix.basename(posix.dirname(name));
  return folder === '.' || folder === '' || PARTS.has(folder.toLowerCase()) ? null : folder;
}

/**
 * The category of each picture of a data set: by metadata.jsonl (Hugging Face), by the .json beside it (WebDataset), or by
 * the folder it lies in. Files that are no pictures by name are only read for labels.
 */
export async function labelFiles<T extends DatasetFile>(files: readonly T[]): Promise<Labelled<T>> {
  const fromMetadata = await metadataLabels(files);
  const byName = new Map(files.map((file) => [file.name, file]));
  const labelled: Labelled<T> = { byCategory: new Map(), unlabelled: [] };
  for (const file of files) {
    if (!PICTURE.test(file.name)) continue;
    const label =
      fromMetadata.get(file.name) ?? (await sidecarLabel(file.name, byName)) ?? folderLabel(file.name);
    if (label === null) labelled.unlabelled.push(file.name);
    else labelled.byCategory.set(label, [...(labelled.byCategory.get(label) ?? []), file]);
  }
  return labelled;
}

/** A picture or zip that was brought, with the folder it lay in, which is taken for its category. */
export interface Brought {
  readonly file: File;
  readonly folder: string | null;
}

const PICTURE = /\.(jpe?g|png|webp|gif|avif|tiff?)$/i;
const ZIP = /\.zip$/i;

export const isZip = (file: File): boolean => ZIP.test(file.name) || file.type === 'application/zip';
const isTaken = (file: File): boolean =>
  PICTURE.test(file.name) || file.type.startsWith('image/') || isZip(file);

/** The folder that holds a file: `pets/cat/1.jpg` is of `cat`. */
export function folderOf(path: string): string | null {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length > 1 ? (parts.at(-2) ?? null) : null;
}

/** Files chosen in a dialogue; a chosen folder tells its paths. */
export const fromInput = (files: Iterable<File>): Brought[] =>
  [...files].filter(isTaken).map((file) => ({ file, folder: folderOf(file.webkitRelativePath) }));

/** Files and whole folders that were dropped. */
export async function fromDrop(transfer: DataTransfer): Promise<Brought[]> {
  // The list of items is emptied as soon as this function waits: read it first.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  const found = await Promise.all(entries.filter((entry) => entry !== null).map(walk));
  return found.flat().filter(({ file }) => isTaken(file));
}

async function walk(entry: FileSystemEntry): Promise<Brought[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [{ file, folder: folderOf(entry.fullPath) }];
  }
  const children = await entriesOf((entry as FileSystemDirectoryEntry).createReader());
  return (await Promise.all(children.map(walk))).flat();
}

/** A reader gives at most 100 entries a time. */
async function entriesOf(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const all: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (part.length === 0) return all;
    all.push(...part);
  }
}

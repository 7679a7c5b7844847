import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { inspectImage, type InspectMeasures } from '../inspect/inspect.js';
import { DEFAULT_INSPECT_LIMITS, type InspectLimits } from '../inspect/settings.js';
import { type DuplicateKind, groupDuplicates, type SecondLook } from './group-duplicates.js';
import { DEFAULT_THRESHOLDS, type DuplicateThresholds } from './settings.js';

/** A file to look at; `file` is how the report names it. */
export interface FolderFile {
  readonly file: string;
  readonly path: string;
}

/** A file that is not compared, and why. */
export interface RejectedFile {
  readonly file: string;
  /** 'corrupt', 'not-an-image', 'animated', 'unreadable', ... */
  readonly reason: string;
  readonly detail: string;
}

/** What is found in a folder; `graft dedupe --json` prints all but what was rejected. */
export interface FolderReport {
  /** Pictures that were compared. */
  readonly images: number;
  readonly groups: readonly {
    readonly keeper: string;
    readonly members: readonly {
      readonly file: string;
      readonly kind: DuplicateKind;
      /** See `GroupMember.distance`. */
      readonly distance: number;
    }[];
  }[];
  readonly rejected: readonly RejectedFile[];
}

/** A picture of the folder that could be decoded. */
export interface FolderPicture extends FolderFile {
  readonly measures: InspectMeasures;
}

export interface FolderOptions {
  readonly thresholds?: DuplicateThresholds;
  /** Finds what hashes miss; asked once, with all pictures. */
  readonly lookAgain?: (pictures: readonly FolderPicture[]) => Promise<SecondLook>;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** A person's folder may hold small, long and empty pictures: only what cannot be decoded is left out. */
const FOLDER_LIMITS: InspectLimits = {
  ...DEFAULT_INSPECT_LIMITS,
  minSidePixels: 1,
  maxAspect: Number.POSITIVE_INFINITY,
  minDeviation: 0,
  minSharpness: 0,
  minBrightness: 0,
  maxBrightness: 255,
  maxTextShare: Number.POSITIVE_INFINITY,
};

async function readPicture(file: FolderFile): Promise<FolderPicture | RejectedFile> {
  const bytes = await readFile(file.path).catch((error: unknown) => String(error));
  if (typeof bytes === 'string') return { file: file.file, reason: 'unreadable', detail: bytes };
  const result = await inspectImage(bytes, FOLDER_LIMITS);
  if (result.kind === 'kept') return { ...file, measures: result.measures };
  return { file: file.file, reason: result.reason, detail: result.detail };
}

/** Finds copies among the files of a folder. Bad files are reported, never thrown; no file is changed. */
export async function dedupeFolder(
  files: readonly FolderFile[],
  options: FolderOptions = {},
): Promise<FolderReport> {
  const { signal, onProgress } = options;
  const limit = pLimit(availableParallelism() + 1); // one reads while the others decode
  let done = 0;
  const one = async (file: FolderFile): Promise<FolderPicture | RejectedFile> => {
    signal?.throwIfAborted();
    const read = await readPicture(file);
    onProgress?.(++done, files.length);
    return read;
  };
  const read = await Promise.all(files.map((file) => limit(one, file)));
  const pictures = read.filter((picture) => 'measures' in picture);
  const rejected = read.filter((picture) => 'reason' in picture);
  const secondLook = (await options.lookAgain?.(pictures)) ?? null;
  return { images: pictures.length, groups: group(pictures, options.thresholds, secondLook), rejected };
}

function group(
  pictures: readonly FolderPicture[],
  thresholds = DEFAULT_THRESHOLDS,
  secondLook: SecondLook | null,
): FolderReport['groups'] {
  const items = pictures.map(({ file, measures }) => ({ ...measures, id: file, category: null }));
  return groupDuplicates(items, thresholds, secondLook).map(({ keeper, members }) => ({
    keeper,
    members: members.map(({ id, kind, distance }) => ({ file: id, kind, distance })),
  }));
}

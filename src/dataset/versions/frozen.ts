import { createHash } from 'node:crypto';

export type Part = 'train' | 'validation' | 'test';

/** A picture of a frozen data set, with what its licence asks to be named. */
export interface FrozenPicture {
  readonly sha256: string;
  readonly category: string;
  readonly part: Part;
  readonly provider: string;
  readonly query: string;
  readonly imageUrl: string;
  readonly pageUrl: string | null;
  readonly title: string | null;
  readonly creator: string | null;
  readonly licence: string | null;
  readonly licenceUrl: string | null;
}

type Place = Pick<FrozenPicture, 'sha256' | 'category' | 'part'>;

/**
 * The name of a data set: sha256 of its sorted lines `sha256 category part`, each ended by a line feed. The same pictures in
 * the same places have the same name on every machine, whenever and in whatever order they were found.
 */
export function versionOf(pictures: readonly Place[]): string {
  const lines = pictures.map(({ sha256, category, part }) => `${sha256} ${category} ${part}\n`).sort();
  return createHash('sha256').update(lines.join('')).digest('hex');
}

export interface DatasetDiff {
  readonly added: readonly Place[];
  readonly removed: readonly Place[];
  /** In both, in another category or part. */
  readonly moved: readonly {
    readonly sha256: string;
    readonly from: Omit<Place, 'sha256'>;
    readonly to: Omit<Place, 'sha256'>;
  }[];
}

const placeOf = ({ sha256, category, part }: Place): Place => ({ sha256, category, part });
const whereOf = ({ category, part }: Place): Omit<Place, 'sha256'> => ({ category, part });

/** What has to be done to the first data set to get the second; each list by sha256. */
export function diffDatasets(first: readonly Place[], second: readonly Place[]): DatasetDiff {
  const before = new Map(first.map((picture) => [picture.sha256, picture]));
  const after = new Map(second.map((picture) => [picture.sha256, picture]));
  const bySha = <T extends { sha256: string }>(list: T[]): T[] =>
    list.sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
  const moved = [...after.values()].flatMap((to) => {
    const from = before.get(to.sha256);
    if (!from || (from.category === to.category && from.part === to.part)) return [];
    return [{ sha256: to.sha256, from: whereOf(from), to: whereOf(to) }];
  });
  return {
    added: bySha([...after.values()].filter(({ sha256 }) => !before.has(sha256)).map(placeOf)),
    removed: bySha([...before.values()].filter(({ sha256 }) => !after.has(sha256)).map(placeOf)),
    moved: bySha(moved),
  };
}

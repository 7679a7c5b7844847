/** What decides which copy of a picture is kept. */
export interface KeeperFacts {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** Encoded size. */
  readonly bytes: number;
  /** 'jpeg', 'webp', ...; decides how much a byte is worth. */
  readonly format?: string;
  /** Share of the area that is not plain border, 1 where unknown: a frame makes a picture no larger. */
  readonly contentShare?: number;
  /** As the provider gives it, 'CC-BY-4.0' for example; null or left out where nobody knows. */
  readonly licence?: string | null;
  /** It shows the overlay of its site; a copy without one is better, however small. */
  readonly marked?: boolean;
}

/** Newer formats need fewer bytes for the same picture; PNG needs more, and loses nothing. */
const BYTES_WORTH: Readonly<Record<string, number>> = { webp: 1.4, avif: 2, png: 0.5, tiff: 0.3, gif: 0.2 };

/** Two copies are of one size while their areas are within one step: a factor of the square root of 2. */
const AREA_STEPS = 2;

const LICENCES: readonly RegExp[] = [
  /^(cc0|pdm?\b|public[ -]?domain|no known)/i,
  /^cc[ -]by([ -][\d.]+.*)?$/i,
  /^cc[ -]by[ -]sa/i,
  /./,
];

/** 0 for public domain, 1 attribution only, 2 share-alike, 3 anything else that is named, 4 for none. */
export function licenceRank(licence: string | null | undefined): number {
  const name = licence?.trim() ?? '';
  const rank = LICENCES.findIndex((pattern) => pattern.test(name));
  return rank < 0 ? LICENCES.length : rank;
}

function rankOf(facts: KeeperFacts): readonly number[] {
  const area = facts.width * facts.height * (facts.contentShare ?? 1);
  const worth = facts.bytes * (BYTES_WORTH[facts.format ?? ''] ?? 1);
  return [
    facts.marked ? 1 : 0,
    -Math.round(AREA_STEPS * Math.log2(Math.max(1, area))),
    -Math.round(Math.log2(Math.max(1, worth))),
    licenceRank(facts.licence),
    -area,
    -worth,
  ];
}

/**
 * Best copy first: without the overlay of a site before with it, then by size (area inside the border, in steps of a factor of 1.4), by quality (encoded bytes, weighed by format, in
 * steps of a factor of 2), by licence (public domain, attribution, share-alike, any other, none), then by exact area and bytes,
 * then by id, so that the order depends on nothing but the pictures.
 */
export function inKeeperOrder<T extends KeeperFacts>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, rank: rankOf(item) }))
    .sort((a, b) => {
      const at = a.rank.findIndex((value, i) => value !== b.rank[i]);
      if (at >= 0) return (a.rank[at] as number) - (b.rank[at] as number);
      return a.item.id < b.item.id ? -1 : a.item.id > b.item.id ? 1 : 0;
    })
    .map(({ item }) => item);
}

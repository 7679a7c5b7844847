import type { DecidedPicture } from './apply-decisions.js';
import type { CurateReason, WrongQuery } from './curation.js';
import type { LabelDoubt } from './label-noise.js';
import type { CurateThresholds } from './settings.js';

export type Doubt = Omit<LabelDoubt, 'row'> & { readonly id: string };
export type CurateMode = 'queue' | 'drop';

/** A picture with what became of it. */
export interface Judged {
  readonly picture: DecidedPicture;
  readonly doubt: Doubt | null;
  readonly reason: CurateReason | null;
}

/** Doubts about pictures that may be dropped, surest first, as many of each category as it can spare. */
function droppable(
  doubted: readonly { picture: DecidedPicture; doubt: Doubt }[],
  counts: ReadonlyMap<string, number>,
  thresholds: CurateThresholds,
): Set<string> {
  const left = new Map(
    [...counts].map(([category, count]) => [
      category,
      count < thresholds.minPictures ? 0 : Math.floor(count * thresholds.maxDroppedShare),
    ]),
  );
  const chosen = new Set<string>();
  const sure = doubted
    .filter(({ picture, doubt }) => !picture.own && doubt.suspicion >= thresholds.sureSuspicion)
    .sort((a, b) => b.doubt.suspicion - a.doubt.suspicion || b.doubt.margin - a.doubt.margin);
  for (const { picture } of sure) {
    const room = left.get(picture.categoryId) ?? 0;
    if (room === 0) continue;
    left.set(picture.categoryId, room - 1);
    chosen.add(picture.candidateId);
  }
  return chosen;
}

/**
 * What becomes of each picture: the surest doubts are dropped, the others wait for a person. A picture that a person has
 * decided about is not doubted; one that a person brought is never dropped.
 */
export function judge(
  pictures: readonly DecidedPicture[],
  doubts: readonly Doubt[],
  mode: CurateMode,
  thresholds: CurateThresholds,
): Judged[] {
  const byId = new Map(doubts.map((doubt) => [doubt.id, doubt]));
  const present = pictures.filter((picture) => picture.dropped === null);
  const counts = new Map<string, number>();
  for (const { categoryId } of present) counts.set(categoryId, (counts.get(categoryId) ?? 0) + 1);
  const doubted = present.flatMap((picture) => {
    const doubt = picture.decision === null ? byId.get(picture.candidateId) : undefined;
    return doubt ? [{ picture, doubt }] : [];
  });
  const doubtOf = new Map(doubted.map(({ picture, doubt }) => [picture.candidateId, doubt]));
  const gone = mode === 'drop' ? droppable(doubted, counts, thresholds) : new Set<string>();
  return pictures.map((picture) => {
    const doubt = doubtOf.get(picture.candidateId) ?? null;
    return {
      picture,
      doubt,
      reason: picture.dropped ?? (gone.has(picture.candidateId) ? doubt?.kind : null) ?? null,
    };
  });
}

/** Queries whose pictures were mostly dropped, doubted or moved to another category; the worst first. */
export function findWrongQueries(
  judged: readonly Judged[],
  names: ReadonlyMap<string, string>,
  { minQueryPictures, wrongQueryShare }: CurateThresholds,
): WrongQuery[] {
  const byQuery = new Map<string, { -readonly [K in keyof WrongQuery]: WrongQuery[K] }>();
  for (const { picture, doubt, reason } of judged) {
    if (picture.own) continue;
    const { foundUnder, provider, query } = picture;
    const key = JSON.stringify([foundUnder, provider, query]);
    const row = byQuery.get(key) ?? {
      category: names.get(foundUnder) ?? '',
      provider,
      query,
      pictures: 0,
      wrong: 0,
    };
    byQuery.set(key, row);
    row.pictures += 1;
    if (reason !== null || doubt !== null || picture.categoryId !== foundUnder) row.wrong += 1;
  }
  return [...byQuery.values()]
    .filter(({ pictures, wrong }) => pictures >= minQueryPictures && wrong >= wrongQueryShare * pictures)
    .sort((a, b) => b.wrong / b.pictures - a.wrong / a.pictures || b.pictures - a.pictures);
}

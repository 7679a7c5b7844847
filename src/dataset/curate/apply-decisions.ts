import type { CurateReason, DecisionAction } from './curation.js';

/** A picture as dedupe left it. */
export interface DedupedPicture {
  readonly candidateId: string;
  readonly categoryId: string;
  readonly sha256: string;
  readonly groupKey: string;
  /** Why dedupe dropped it; null when it was kept. */
  readonly reason: string | null;
  readonly provider: string;
  readonly query: string;
  /** Brought by the person, as a file or in a list of addresses. */
  readonly own: boolean;
}

export interface Decision {
  readonly sha256: string;
  readonly action: DecisionAction;
  /** Where it belongs; null when it is dropped. */
  readonly categoryId: string | null;
}

/** A picture that is in the data set so far, or that a person took out of it. */
export interface DecidedPicture extends DedupedPicture {
  /** Its category from here on. */
  readonly categoryId: string;
  /** The category it was found under. */
  readonly foundUnder: string;
  readonly decision: DecisionAction | null;
  readonly dropped: Extract<CurateReason, 'excluded-by-user'> | null;
}

const CROSS = 'cross-category';

function decide(picture: DedupedPicture, decision: Decision | undefined): DecidedPicture {
  return {
    ...picture,
    foundUnder: picture.categoryId,
    categoryId: decision?.categoryId ?? picture.categoryId,
    decision: decision?.action ?? null,
    dropped: decision?.action === 'drop' ? 'excluded-by-user' : null,
  };
}

/** Of the copies of one picture under several categories: the one a person spoke of, in the category they said, if it was found there. */
function chosenCopy(
  copies: readonly DedupedPicture[],
  decisions: ReadonlyMap<string, Decision>,
): DecidedPicture[] {
  const spoken = copies.filter((copy) => decisions.has(copy.sha256));
  const keeps = (copy: DedupedPicture): boolean => decisions.get(copy.sha256)?.action !== 'drop';
  const atHome = (copy: DedupedPicture): boolean =>
    decisions.get(copy.sha256)?.categoryId === copy.categoryId;
  const kept = spoken.filter(keeps);
  const chosen = kept.find(atHome) ?? kept[0];
  if (chosen) return [decide(chosen, decisions.get(chosen.sha256))];
  return spoken.map((copy) => decide(copy, decisions.get(copy.sha256)));
}

/**
 * What persons decided, applied to what dedupe left: pictures to drop are dropped, moved ones change their category, and of a
 * picture found under several categories one copy comes back where they said. Everything else that dedupe dropped stays so.
 */
export function applyDecisions(
  pictures: readonly DedupedPicture[],
  decisions: ReadonlyMap<string, Decision>,
): DecidedPicture[] {
  const crossing = new Map<string, DedupedPicture[]>();
  for (const picture of pictures) {
    if (picture.reason !== CROSS) continue;
    crossing.set(picture.groupKey, [...(crossing.get(picture.groupKey) ?? []), picture]);
  }
  return [
    ...pictures
      .filter((picture) => picture.reason === null)
      .map((picture) => decide(picture, decisions.get(picture.sha256))),
    ...[...crossing.values()].flatMap((copies) => chosenCopy(copies, decisions)),
  ];
}

import type { Report, Trial } from '../api/client';

export type Floor = NonNullable<Report['selection']>['floor'][number];

/** A row of the leaderboard: a trial with its place among the trials, or what they have to beat. */
export type BoardRow =
  | { readonly kind: 'trial'; readonly trial: Trial; readonly place: number }
  | { readonly kind: 'floor'; readonly floor: Floor };

/** A trial that was scored. */
export type Scored = Trial & { validation: NonNullable<Trial['validation']> };

export const scoredOf = (trials: readonly Trial[]): Scored[] =>
  trials.filter((trial): trial is Scored => trial.validation !== null);

const accuracyOf = (row: BoardRow): number =>
  (row.kind === 'trial' ? row.trial.validation?.accuracy : row.floor.validation.accuracy) ?? -1;

/** Trials, best first, with the floor in its place among them; of equals the trial comes first. */
export function boardRows(trials: readonly Trial[], floor: readonly Floor[]): BoardRow[] {
  const rows: BoardRow[] = [
    ...trials.map((trial, index) => ({ kind: 'trial' as const, trial, place: index + 1 })),
    ...floor.map((one) => ({ kind: 'floor' as const, floor: one })),
  ];
  return rows.sort((a, b) => accuracyOf(b) - accuracyOf(a));
}

/** The first rows, and below them the floor wherever it stands. */
export const firstRows = (rows: readonly BoardRow[], count: number): BoardRow[] =>
  rows.filter((row, index) => index < count || row.kind === 'floor');

/** How deep a tap lies: taps are numbered in the order in which a picture passes them. */
export function depthOf(tap: string): number {
  const digits = /(\d+)(?!.*\d)/.exec(tap)?.[1];
  return digits === undefined ? 0 : Number(digits);
}

/** Several taps of a backbone that are read side by side. */
const isJoined = (tap: string): boolean => tap.includes('+');

/** Whether a tap is one depth, read by the mean: as plain transfer learning would. */
export const isPlainTap = (tap: string): boolean => !isJoined(tap) && !tap.endsWith('-gem');

/** Of taps read side by side the first, the last and how many. */
export function shortTap(tap: string): string {
  const parts = tap.split('+');
  return parts.length === 1 ? tap : `${parts[0] ?? ''}…${parts.at(-1) ?? ''} (${parts.length})`;
}

const better = (a: Scored, b: Scored): Scored => (b.validation.accuracy > a.validation.accuracy ? b : a);

function bestBy(trials: readonly Scored[], key: (trial: Scored) => string): Scored[] {
  const best = new Map<string, Scored>();
  for (const trial of trials) {
    const known = best.get(key(trial));
    best.set(key(trial), known ? better(known, trial) : trial);
  }
  return [...best.values()];
}

/**
 * For each backbone the best trial at each depth, shallow first; block outputs and the wide activations beside them share one. What reads several taps
 * is at no one depth, and what sees pictures in several ways no backbone of its own; both are left out.
 */
export function depthLines(trials: readonly Scored[]): { backbone: string; points: Scored[] }[] {
  const single = trials.filter(({ backbone, tap }) => !isJoined(tap) && !backbone.includes('@'));
  const best = bestBy(single, ({ backbone, tap }) => `${backbone} ${depthOf(tap)}`);
  return [...new Set(single.map(({ backbone }) => backbone))].map((backbone) => ({
    backbone,
    points: best
      .filter((trial) => trial.backbone === backbone)
      .sort((a, b) => depthOf(a.tap) - depthOf(b.tap)),
  }));
}

/** The backbone to look at first: the winner's, or of an ensemble the first member; as it sees pictures as they are. */
export const firstMember = (backbone: string): string => /^[^+@]+/.exec(backbone)?.[0] ?? backbone;

/** Whether any backbone was read at several depths; the taps of word vectors are none. */
export const hasDepths = (trials: readonly Scored[]): boolean =>
  depthLines(trials).some(({ points }) => points.length > 1);

export const bestOfHeads = (trials: readonly Scored[]): Scored[] =>
  bestBy(trials, ({ head }) => head).sort((a, b) => b.validation.accuracy - a.validation.accuracy);

/** Trials that no other one beats in both accuracy and latency, the fastest first. */
export function paretoFront(trials: readonly Scored[]): Scored[] {
  const timed = trials
    .filter(({ cost }) => cost.latencyMs !== null)
    .sort(
      (a, b) =>
        (a.cost.latencyMs ?? 0) - (b.cost.latencyMs ?? 0) || b.validation.accuracy - a.validation.accuracy,
    );
  const front: Scored[] = [];
  for (const trial of timed)
    if (trial.validation.accuracy > (front.at(-1)?.validation.accuracy ?? -1)) front.push(trial);
  return front;
}

export const sameTrial = (
  a: Pick<Trial, 'backbone' | 'tap' | 'head' | 'params'>,
  b: Pick<Trial, 'backbone' | 'tap' | 'head' | 'params'>,
): boolean =>
  a.backbone === b.backbone &&
  a.tap === b.tap &&
  a.head === b.head &&
  JSON.stringify(Object.entries(a.params).sort()) === JSON.stringify(Object.entries(b.params).sort());

/** `strength=0.3` */
export const paramsText = (params: Trial['params']): string =>
  Object.entries(params)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');

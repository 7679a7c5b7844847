import { ensembleId } from '../backbones/merge.js';
import { parseView } from '../backbones/views.js';
import { joinedId, memberTap, tapIds } from '../graph/taps.js';
import type { Matrix } from '../matrix.js';
import type { FeatureSet } from './types.js';

/** Backbones whose taps are joined: those whose best taps are surest. */
const LEADERS = 3;
/**
 * How many of a backbone's surest taps are read side by side. Measured with ridge heads on three sets of photographs, eight deals of ten
 * pictures a category: the best single tap by log loss is 1.5 points (ten backbones) and 4.1 points (the five embedded) behind an oracle
 * that sees the test part, with joins of 3 beside the single ones 0.8 and 3.3, of 3 and of 8 0.8 and 2.9.
 */
const SIZES = [3, 8] as const;
export const MOST_JOINED = Math.max(...SIZES);

/** The matrices of several sets, one after the other: each may be read from disk. */
export async function loadAll(sets: readonly FeatureSet[]): Promise<Matrix[]> {
  const matrices: Matrix[] = [];
  for (const { matrix } of sets) matrices.push(typeof matrix === 'function' ? await matrix() : matrix);
  return matrices;
}

/** Columns of all matrices side by side. */
function sideBySide(matrices: readonly Matrix[]): Matrix {
  const rows = matrices[0]?.rows ?? 0;
  const cols = matrices.reduce((sum, matrix) => sum + matrix.cols, 0);
  const data = new Float32Array(rows * cols);
  let at = 0;
  for (const matrix of matrices) {
    for (let row = 0; row < rows; row++)
      data.set(matrix.data.subarray(row * matrix.cols, (row + 1) * matrix.cols), row * cols + at);
    at += matrix.cols;
  }
  return { rows, cols, data };
}

/** Some taps of one backbone as one: features side by side, from shallow to deep, at the price of the deepest. */
export function joinSets(sets: readonly FeatureSet[]): FeatureSet {
  const ordered = sets.toSorted((a, b) => a.tap.flops - b.tap.flops || (a.tap.id < b.tap.id ? -1 : 1));
  const deepest = ordered.at(-1) as FeatureSet;
  const channels = ordered.reduce((sum, { tap }) => sum + (tap.channels ?? 0), 0);
  const latencies = ordered.flatMap(({ latencyMs }) => latencyMs ?? []);
  return {
    backbone: deepest.backbone,
    tap: { ...deepest.tap, id: joinedId(ordered.map(({ tap }) => tap.id)), channels },
    latencyMs: latencies.length === ordered.length ? Math.max(...latencies) : null,
    matrix: async () => sideBySide(await loadAll(ordered)),
    parts: ordered,
  };
}

/** Columns of each tap that a set is put together of; undefined where they are not known. */
export function widthsOf({ parts, tap }: FeatureSet): number[] | undefined {
  if (parts === undefined) return tap.channels === undefined ? undefined : [tap.channels];
  const widths = parts.map(widthsOf);
  return widths.every((own) => own !== undefined) ? widths.flat() : undefined;
}

/** Features of several backbones as those of one network, at the price of all. */
export function joinBackbones(sets: readonly FeatureSet[]): FeatureSet {
  const sum = (of: (set: FeatureSet) => number): number => sets.reduce((total, set) => total + of(set), 0);
  const known = sets.every(({ latencyMs }) => typeof latencyMs === 'number');
  const ids = sets.flatMap(({ backbone, tap }) => tapIds(tap.id).map((id) => memberTap(backbone, id)));
  return {
    backbone: ensembleId(sets.map(({ backbone }) => backbone)),
    tap: {
      id: joinedId(ids),
      channels: sum(({ tap }) => tap.channels ?? 0),
      params: sum(({ tap }) => tap.params),
      flops: sum(({ tap }) => tap.flops),
      bytes: sum(({ tap }) => tap.bytes),
    },
    latencyMs: known ? sum(({ latencyMs }) => latencyMs ?? 0) : null,
    matrix: async () => sideBySide(await loadAll(sets)),
    parts: sets,
  };
}

/** The features of one backbone at a tap, or at several that are joined; undefined when they are not among those given. */
export function findTaps(
  features: readonly FeatureSet[],
  backbone: string,
  tap: string,
): FeatureSet | undefined {
  const ids = tapIds(tap);
  const parts = features.filter((set) => set.backbone === backbone && ids.includes(set.tap.id));
  if (parts.length !== ids.length) return undefined;
  return parts.length === 1 ? parts[0] : joinSets(parts);
}

/** Features of several backbones as one network; undefined when those of one are not among those given. */
export function findTogether(
  features: readonly FeatureSet[],
  members: readonly string[],
  tap: string,
): FeatureSet | undefined {
  const sets = members.flatMap((id) => {
    const start = memberTap(id, '');
    const own = tapIds(tap).filter((part) => part.startsWith(start));
    return findTaps(features, id, joinedId(own.map((part) => part.slice(start.length)))) ?? [];
  });
  return sets.length === members.length ? joinBackbones(sets) : undefined;
}

/** A tap with its least log loss. */
export interface RatedSet {
  readonly set: FeatureSet;
  readonly logLoss: number;
}

/** Sets by their least log loss, the surest first. */
export const surestFirst = (rated: readonly RatedSet[]): FeatureSet[] =>
  rated.toSorted((a, b) => a.logLoss - b.logLoss).map(({ set }) => set);

/** The surest set of each backbone, the surest first. */
export function surestOfEach(rated: readonly RatedSet[]): FeatureSet[] {
  const surest = surestFirst(rated);
  return surest.filter(({ backbone }, at) => surest.findIndex((other) => other.backbone === backbone) === at);
}

/** Backbones by their surest set. */
const leadersOf = (surest: readonly FeatureSet[]): string[] => [
  ...new Set(surest.map(({ backbone }) => backbone)),
];

/** The surest single taps of a backbone, so many at most, as one. */
function joinSurest(surest: readonly FeatureSet[], backbone: string, size: number): FeatureSet {
  const single = surest.filter((set) => set.backbone === backbone && tapIds(set.tap.id).length === 1);
  const own = single.slice(0, size);
  return own.length === 1 ? (own[0] as FeatureSet) : joinSets(own);
}

/**
 * At how many of its surest taps each member of an ensemble is read: at three where pictures are few, else at eight. That costs what the
 * deepest of them does, and leaves less to luck than the one tap, of some fifty, that is the surest on these pictures. With ridge heads, on
 * nine cells (three sets of photographs; 10, 30 and seven tenths of the pictures; 3 to 7 deals), three backbones have 86.5 % at their surest
 * tap, 87.3 % at three, 87.2 % at eight, and 87.5 % this way.
 */
export const memberTaps = (few: boolean): number => SIZES[few ? 0 : 1];

/** The surest taps of each leading backbone joined, the surest backbone first. */
export function planJoins(rated: readonly RatedSet[]): FeatureSet[] {
  const surest = surestFirst(rated);
  return leadersOf(surest)
    .slice(0, LEADERS)
    .flatMap((id) => {
      const { length } = surest.filter(({ backbone }) => backbone === id);
      const sizes = new Set(SIZES.map((size) => Math.min(size, length)).filter((size) => size > 1));
      return [...sizes].map((size) => joinSurest(surest, id, size));
    });
}

/** How many backbones are one network: each costs what it costs alone. */
const MEMBERS = [2, 3, 5];
export const MOST_MEMBERS = Math.max(...MEMBERS);

/**
 * In each group of backbones that can be one network the surest two, three and five, each read at its surest taps side by
 * side.
 *
 * @param rated single taps and joined ones
 * @param groups ids of backbones or of views of them; a view is taken for as sure as its backbone
 * @param taps how many of its taps each is read at
 * @param views features of the views
 */
export function planEnsembles(
  rated: readonly RatedSet[],
  groups: readonly (readonly string[])[],
  taps: number,
  views: readonly FeatureSet[] = [],
): FeatureSet[] {
  const surest = surestFirst(rated);
  const leaders = leadersOf(surest).map((id) => joinSurest(surest, id, taps));
  return groups.flatMap((group) => {
    const seats = leaders.flatMap((set) => {
      const id = group.find((one) => parseView(one).base === set.backbone);
      if (id === undefined) return [];
      return id === set.backbone ? set : (findTaps(views, id, set.tap.id) ?? []);
    });
    return MEMBERS.filter((size) => size <= seats.length).map((size) => joinBackbones(seats.slice(0, size)));
  });
}

import type { Matrix } from '../matrix.js';
import { areMany, type DevRows } from './dev-rows.js';
import { widthsOf } from './join.js';
import { loadMatrix } from './load-set.js';
import type { Scaling } from './products.js';
import type { Compute } from './threads/compute.js';
import type { FeatureSet, SearchData } from './types.js';

/** Memory for products, beside that of the threads: less than the widest features would take in each of them. */
const MOST_BYTES = 256 * 2 ** 20;
const DOUBLE_BYTES = 8;

/**
 * Whether all that is asked about a set can be answered by the inner products of its rows: it is put together of taps, wider than there are
 * pictures, and nothing else is learnt from. With many pictures the products take more room than they save time.
 */
export function goesByProducts(set: FeatureSet, dev: DevRows): boolean {
  if (set.parts === undefined || (set.more ?? []).length > 0 || areMany(dev)) return false;
  return (set.tap.channels ?? 0) >= dev.y.length && widthsOf(set) !== undefined;
}

/** Sets of one backbone each that a set is put together of. */
function membersOf(set: FeatureSet): readonly FeatureSet[] {
  const { backbone, parts = [] } = set;
  const isOfOne = parts.every((part) => part.backbone === backbone && part.parts === undefined);
  return isOfOne ? [set] : parts;
}

/** Adds up; what is given stays as it is. */
function sumOf(all: readonly Float64Array[]): Float64Array {
  const [first, ...others] = all as [Float64Array, ...Float64Array[]];
  if (others.length === 0) return first;
  const out = Float64Array.from(first);
  for (const one of others)
    for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) + (one[i] as number);
  return out;
}

/** One triangle, or one a fold; null: there is room for them. */
type Kept = Promise<readonly Float64Array[]> | null;

/**
 * Inner products of sets that are put together. Columns side by side add up in inner products: so those of an ensemble are the sum of its
 * members', and each member's are formed once, however many ensembles it is in.
 */
export class ProductStore {
  private readonly kept = new Map<DevRows, Map<string, Kept>>();
  private bytes = 0;

  constructor(
    private readonly request: Pick<SearchData, 'labels' | 'signal'>,
    private readonly compute: Compute,
    private readonly scaling: Scaling,
    private readonly mostBytes = MOST_BYTES,
  ) {}

  /** Whether a set goes by products and there is room for those of its members, which then is theirs. Asked in the same order, it answers alike. */
  admits(set: FeatureSet, dev: DevRows): boolean {
    if (!goesByProducts(set, dev)) return false;
    const own = this.ownOf(dev);
    const added = membersOf(set).filter((member) => !own.has(idOf(member)));
    const triangles = this.scaling === 'all' ? 1 : dev.foldCount;
    const bytes = this.bytes + added.length * DOUBLE_BYTES * triangles * dev.y.length ** 2;
    if (bytes > this.mostBytes) return false;
    this.bytes = bytes;
    for (const member of added) own.set(idOf(member), null);
    return true;
  }

  /**
   * Lower triangle, row-major [dev rows, dev rows], of a set that was admitted.
   *
   * @param fold whose training rows it is scaled by, where each fold has its own
   */
  async of(set: FeatureSet, dev: DevRows, fold = 0): Promise<Float64Array> {
    const all = await Promise.all(membersOf(set).map((member) => this.member(member, dev)));
    return sumOf(all.map((triangles) => triangles[fold] as Float64Array));
  }

  private ownOf(dev: DevRows): Map<string, Kept> {
    const own = this.kept.get(dev) ?? new Map<string, Kept>();
    this.kept.set(dev, own);
    return own;
  }

  private async member(set: FeatureSet, dev: DevRows): Promise<readonly Float64Array[]> {
    const own = this.ownOf(dev);
    const forming = own.get(idOf(set)) ?? this.form(set, dev);
    own.set(idOf(set), forming);
    try {
      return await forming;
    } catch (error) {
      // What could not be read now may be read by the next who asks.
      own.set(idOf(set), null);
      throw error;
    }
  }

  private async form(set: FeatureSet, dev: DevRows): Promise<Float64Array[]> {
    const { labels, signal } = this.request;
    const matrices: Matrix[] = [];
    for (const part of set.parts ?? [set]) matrices.push(await loadMatrix(part, labels.length));
    return this.compute.run('productsOf', { matrices, dev, scaling: this.scaling }, signal);
  }
}

const idOf = ({ backbone, tap }: FeatureSet): string => `${backbone}/${tap.id}`;

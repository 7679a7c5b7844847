/** Pictures a pass, as long as nothing better is known. */
export const USUAL_BATCH_SIZE = 8;
/** What is tried, on pictures that have to go through the network anyway; the first time only to warm up. */
export const TRIED_BATCH_SIZES: readonly number[] = [4, 8, 16, 32];
/** What is tried where there is room for more than that, which is on accelerators: small batches leave them idle. */
const LARGE_BATCH_SIZES: readonly number[] = [32, 64, 128, 256];
/** A larger batch must save this share of the time: it takes more memory. */
const WORTHWHILE = 0.97;

/** Finds out how many pictures a pass are fastest, and comes down when memory runs out. */
export class BatchSize {
  private most: number;
  private best: number;
  private waiting: number[];
  private readonly msAPicture = new Map<number, number>();

  /**
   * @param most no batch is larger
   * @param isTried false: it stays at the usual size, or `most` where that is less
   */
  constructor(most: number, isTried: boolean) {
    this.most = most;
    this.best = Math.min(most, USUAL_BATCH_SIZE);
    const usual = most <= Math.max(...TRIED_BATCH_SIZES);
    const sizes = (usual ? TRIED_BATCH_SIZES : LARGE_BATCH_SIZES).filter((size) => size <= most);
    this.waiting = isTried && sizes.length > 1 ? [...sizes.slice(0, 1), ...sizes] : [];
  }

  /** How many of the pictures that are left to take next. */
  next(left: number): number {
    const [trial] = this.waiting;
    return trial !== undefined && trial <= left ? trial : Math.min(left, this.best);
  }

  /** A pass of so many pictures has come to its end. */
  took(size: number, ms: number): void {
    if (size !== this.waiting[0]) return;
    this.waiting.shift();
    this.msAPicture.set(size, ms / size);
    this.choose();
  }

  /** A pass of so many pictures has run out of memory. @returns false when it cannot be made smaller */
  ranOut(size: number): boolean {
    if (size <= 1) return false;
    this.most = size >> 1;
    this.best = Math.min(this.best, this.most);
    this.waiting = this.waiting.filter((trial) => trial <= this.most);
    if (this.waiting.length === 0) this.choose();
    return true;
  }

  private choose(): void {
    const known = [...this.msAPicture].filter(([size]) => size <= this.most).sort(([a], [b]) => a - b);
    const [first] = known;
    if (!first) return;
    [this.best] = known.reduce((best, one) => (one[1] < WORTHWHILE * best[1] ? one : best), first);
  }
}

/** What one request takes. */
interface Limits {
  readonly most: number;
  /** In whatever is measured. */
  readonly size: number;
}

/** Of files, in bytes. */
const FILES: Limits = { most: 100, size: 32 * 1024 * 1024 };
/** Of texts, in characters: well below what the service takes, whatever the script. */
export const TEXTS: Limits = { most: 5000, size: 1_000_000 };

/** Things in parts that one request takes; one that is larger than a part goes alone. */
export function inBatches<T>(
  things: readonly T[],
  sizeOf: (thing: T) => number,
  limits: Limits = FILES,
): T[][] {
  const batches: T[][] = [];
  let filled = 0;
  for (const thing of things) {
    const current = batches.at(-1);
    const size = sizeOf(thing);
    if (!current || current.length >= limits.most || filled + size > limits.size) {
      batches.push([thing]);
      filled = size;
    } else {
      current.push(thing);
      filled += size;
    }
  }
  return batches;
}

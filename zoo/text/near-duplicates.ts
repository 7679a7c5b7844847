import { hashText } from './hash.js';
import { wordsOf } from './words.js';

/** A text seen by its overlapping runs of words (shingles), boiled down to a fixed number of minima. */
export type Signature = Uint32Array;

/** How near-duplicates are found. */
export interface NearDuplicateSettings {
  /** Words of a shingle. */
  readonly shingle: number;
  /** Bands of the index; two texts meet when all rows of one band agree. */
  readonly bands: number;
  readonly rowsPerBand: number;
  /** Least share of common shingles (Jaccard), computed exactly, for two texts to be the same. */
  readonly threshold: number;
}

/** A pair with 0.7 of its shingles in common meets with a probability of 1 - (1 - 0.7^4)^24 = 99.8 %. */
export const DEFAULT_NEAR_DUPLICATES: NearDuplicateSettings = {
  shingle: 2,
  bands: 24,
  rowsPerBand: 4,
  threshold: 0.7,
};

/** The form in which two texts are the same text: words and moods alone. */
export const textKey = (text: string): string => wordsOf(text).join(' ');

/** The shingles of a text as 32-bit hashes, sorted, each once. */
export function shinglesOf(text: string, size: number): Uint32Array {
  const words = wordsOf(text);
  const count = Math.max(1, words.length - size + 1);
  const found = new Set<number>();
  for (let at = 0; at < count; at++) found.add(hashText(words.slice(at, at + size).join(' ')));
  return Uint32Array.from(found).sort();
}

/** Common share of two sorted sets of shingles. */
export function jaccard(a: Uint32Array, b: Uint32Array): number {
  let common = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [x, y] = [a[i] as number, b[j] as number];
    if (x === y) common += 1;
    if (x <= y) i += 1;
    if (y <= x) j += 1;
  }
  return common / (a.length + b.length - common);
}

/** A bijection of 32 bits for each seed (the finaliser of MurmurHash3, Appleby, public domain). */
function mix(value: number, seed: number): number {
  let h = (value ^ Math.imul(seed + 1, 0x9e3779b9)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** MinHash (Broder 1997, "On the resemblance and containment of documents"): one minimum a hash function. */
export function signatureOf(shingles: Uint32Array, length: number): Signature {
  const signature = new Uint32Array(length).fill(0xffffffff);
  for (const shingle of shingles)
    for (let row = 0; row < length; row++) {
      const value = mix(shingle, row);
      if (value < (signature[row] as number)) signature[row] = value;
    }
  return signature;
}

/** Where a text was found to be the same as one before. */
export interface NearMatch {
  /** Position of the earlier text among those added. */
  readonly at: number;
  /** Common share of shingles, threshold..1. */
  readonly similarity: number;
}

/**
 * Finds texts that say the same in nearly the same words. Candidates come from locality-sensitive hashing of MinHash signatures (Indyk
 * and Motwani 1998), and each is confirmed by its exact common share, so that nothing is the same by an accident of hashing.
 */
export class NearDuplicateIndex {
  private readonly shingles: Uint32Array[] = [];
  private readonly buckets = new Map<string, number[]>();

  constructor(private readonly settings: NearDuplicateSettings = DEFAULT_NEAR_DUPLICATES) {}

  /** The nearest text added before that is the same as this one, the earliest among equals; null when there is none. */
  find(text: string): NearMatch | null {
    return this.nearest(shinglesOf(text, this.settings.shingle));
  }

  /** Adds a text; its position is the number of those added before. */
  add(text: string): void {
    const shingles = shinglesOf(text, this.settings.shingle);
    const at = this.shingles.push(shingles) - 1;
    for (const key of this.keysOf(shingles)) {
      const bucket = this.buckets.get(key);
      if (bucket) bucket.push(at);
      else this.buckets.set(key, [at]);
    }
  }

  private nearest(shingles: Uint32Array): NearMatch | null {
    const candidates = new Set(this.keysOf(shingles).flatMap((key) => this.buckets.get(key) ?? []));
    let best: NearMatch | null = null;
    for (const at of [...candidates].sort((a, b) => a - b)) {
      const similarity = jaccard(shingles, this.shingles[at] as Uint32Array);
      if (similarity >= this.settings.threshold && similarity > (best?.similarity ?? 0))
        best = { at, similarity };
    }
    return best;
  }

  private keysOf(shingles: Uint32Array): string[] {
    const { bands, rowsPerBand } = this.settings;
    const signature = signatureOf(shingles, bands * rowsPerBand);
    return Array.from({ length: bands }, (_, band) => {
      const rows = signature.subarray(band * rowsPerBand, (band + 1) * rowsPerBand);
      return `${band}:${rows.join(',')}`;
    });
  }
}

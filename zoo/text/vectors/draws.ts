/** The random draws of training: a 32-bit xorshift, since millions are made (Marsaglia 2003, "Xorshift RNGs"). */
export class Draws {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0 || 0x9e3779b9;
  }

  /** Uniform 32 bits, as a signed integer. */
  next(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return x;
  }

  /** Uniform in [0, 1). */
  unit(): number {
    return (this.next() >>> 0) / 4294967296;
  }
}

const TABLE_SIZE = 1 << 20;
/** Negative samples are drawn by count to this power (arXiv 1310.4546, section 2.2). */
const POWER = 0.75;

/** Indices of words, each as often as it is to be drawn: one look-up a draw. */
export function samplingTable(counts: readonly number[]): Int32Array {
  const table = new Int32Array(TABLE_SIZE);
  const total = counts.reduce((sum, count) => sum + count ** POWER, 0);
  let index = 0;
  let reached = (counts[0] ?? 0) ** POWER / total;
  for (let i = 0; i < TABLE_SIZE; i++) {
    while ((i + 0.5) / TABLE_SIZE > reached && index < counts.length - 1) {
      index += 1;
      reached += (counts[index] as number) ** POWER / total;
    }
    table[i] = index;
  }
  return table;
}

/** Chance that one occurrence of a word is trained on: frequent words tell little (the formula of the word2vec tool). */
export function keepChances(counts: readonly number[], threshold: number): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return Float64Array.from(counts, (count) => {
    if (threshold <= 0) return 1;
    const limit = threshold * total;
    return Math.min(1, (Math.sqrt(count / limit) + 1) * (limit / count));
  });
}

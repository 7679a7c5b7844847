import { createRng } from '../rng.js';

/** Numbers in a sketch. */
export const SKETCH_SIZE = 16;

/**
 * Makes short sketches of embeddings that keep their distances roughly: a random projection (Johnson and Lindenstrauss, 1984), the same for
 * every model of a width. The numbers are about 1 in size when the embedding's are.
 */
export function sketcher(channels: number): (embedding: ArrayLike<number>) => Float32Array {
  const rng = createRng(`sketch/${channels}`);
  const scale = 1 / Math.sqrt(Math.max(1, channels));
  const weights = Float32Array.from({ length: channels * SKETCH_SIZE }, () => rng.normal() * scale);
  return (embedding) =>
    Float32Array.from({ length: SKETCH_SIZE }, (_, at) => {
      let sum = 0;
      for (let c = 0; c < channels; c++) sum += (embedding[c] ?? 0) * (weights[at * channels + c] ?? 0);
      return sum;
    });
}

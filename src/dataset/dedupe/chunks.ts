/** One of the pieces that a 64-bit hash is cut into, and how far from a query's piece its bucket has to be looked for. */
export interface Chunk {
  /** Bits from `offset` (0 = least significant) on, 1 to 24 of them. */
  readonly offset: number;
  readonly width: number;
  /** Buckets within this distance of the query's are read. */
  readonly radius: number;
  /** What to xor a key with to get those buckets, nearest first. */
  readonly masks: Uint32Array;
  /** How many of `masks` are needed for each smaller radius of a query, and within which distance they are. */
  readonly reach: readonly ChunkReach[];
}

/** How far a chunk has to be looked around in for one radius of a query; -1 and 0: not at all. */
export interface ChunkReach {
  readonly radius: number;
  readonly masks: number;
}

/** Pigeonhole: which radius the chunk at `place` of `count` has to be searched with, -1 where the others do. */
const radiusOf = (place: number, count: number, radius: number): number =>
  Math.floor(radius / count) - (place <= radius % count ? 0 : 1);

/** How many values of `width` bits have at most `radius` of them set. */
function ball(width: number, radius: number): number {
  let ring = 1;
  let sum = radius < 0 ? 0 : 1;
  for (let r = 1; r <= radius; r++) {
    ring = (ring * (width - r + 1)) / r;
    sum += ring;
  }
  return sum;
}

/** The value of a hash's chunk, 0 .. 2^width - 1. */
export function chunkOf(high: number, low: number, chunk: Chunk): number {
  const { offset, width } = chunk;
  const keep = (1 << width) - 1;
  if (offset >= 32) return (high >>> (offset - 32)) & keep;
  const lower = low >>> offset;
  return (offset + width <= 32 ? lower : lower | (high << (32 - offset))) & keep;
}

/** All values of `width` bits with at most `radius` of them set, fewest first: 1 + width + width (width - 1) / 2 ... */
export function masksWithin(width: number, radius: number): Uint32Array {
  const masks: number[] = [0];
  let ring: number[] = [0];
  for (let r = 1; r <= radius; r++) {
    ring = ring.flatMap((mask) => raised(mask, width));
    masks.push(...ring);
  }
  return Uint32Array.from(masks);
}

/** The mask with one more bit, above its highest: every combination comes up once. */
function raised(mask: number, width: number): number[] {
  const from = 32 - Math.clz32(mask);
  return Array.from({ length: Math.max(0, width - from) }, (_, i) => mask | (1 << (from + i)));
}

/** What one query costs: buckets to open, and hashes to compare when they are spread evenly. */
function queryCost(size: number, chunks: readonly Chunk[]): number {
  const compared = chunks.reduce((sum, chunk) => sum + (chunk.masks.length * size) / 2 ** chunk.width, 0);
  const opened = chunks.reduce((sum, chunk) => sum + chunk.masks.length, 0);
  return 4 * opened + compared;
}

function cut(count: number, radius: number): Chunk[] {
  const chunks: Chunk[] = [];
  for (let i = 0, offset = 0; i < count; i++) {
    const width = Math.floor(64 / count) + (i < 64 % count ? 1 : 0);
    const chunkRadius = radiusOf(i, count, radius);
    if (chunkRadius >= 0) {
      const reach = Array.from({ length: radius + 1 }, (_, r) => {
        const within = radiusOf(i, count, r);
        return { radius: within, masks: ball(width, within) };
      });
      chunks.push({ offset, width, radius: chunkRadius, masks: masksWithin(width, chunkRadius), reach });
    }
    offset += width;
  }
  return chunks;
}

/** The cut (3 to 8 chunks) with the cheapest query for so many hashes. Chunks that pigeonhole spares are left out. */
export function planChunks(size: number, radius: number): Chunk[] {
  const plans = [3, 4, 5, 6, 7, 8].map((count) => cut(count, radius));
  return plans.reduce((best, plan) => (queryCost(size, plan) < queryCost(size, best) ? plan : best));
}

import { createRng, rasteriseSvg, type Rng } from '../zoo/index.js';
import type { Hash64 } from '../src/dataset/dedupe/hash64.js';
import { HammingIndex } from '../src/dataset/dedupe/hamming-index.js';
import { DEFAULT_THRESHOLDS } from '../src/dataset/dedupe/settings.js';
import { inspectImage } from '../src/dataset/inspect/inspect.js';

/** One size of the index: time is the mean of many queries, memory what its typed arrays hold. */
export interface LookupResult {
  readonly hashes: number;
  readonly buildMs: number;
  readonly lookupUs: number;
  readonly bytesPerHash: number;
}

/** What one run of this benchmark measures. */
export interface DedupeBenchmark {
  /** 640 x 480 JPEG in, all measures and hashes out, one picture after the other. */
  readonly decodeAndHash: { readonly images: number; readonly imagesPerSecond: number };
  readonly radius: number;
  readonly lookup: readonly LookupResult[];
  /** Look-up time grows as hashes ^ exponent (least squares on the logarithms). */
  readonly lookupGrowthExponent: number;
}

const QUERIES = 2000;

async function drawJpegs(count: number): Promise<Buffer[]> {
  const size = { width: 640, height: 480 };
  return Promise.all(
    Array.from({ length: count }, (_, seed) => {
      const svg =
        `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480" viewBox="0 0 640 480"><filter id="n">` +
        `<feTurbulence type="fractalNoise" baseFrequency="0.02" numOctaves="4" seed="${seed}"/></filter>` +
        `<rect width="640" height="480" filter="url(#n)"/><circle cx="${80 + 20 * seed}" cy="240" r="90" fill="#c40"/></svg>`;
      return rasteriseSvg(svg, size, '#ffffff', { format: 'jpeg', quality: 85 });
    }),
  );
}

async function measureInspect(images: number): Promise<DedupeBenchmark['decodeAndHash']> {
  const pictures = await drawJpegs(16);
  for (const picture of pictures) await inspectImage(picture);
  const start = performance.now();
  for (let i = 0; i < images; i++) await inspectImage(pictures[i % pictures.length] as Buffer);
  return { images, imagesPerSecond: (1000 * images) / (performance.now() - start) };
}

const randomHash = (rng: Rng): Hash64 => ({ high: rng.int(2 ** 32), low: rng.int(2 ** 32) });

/** Half of the queries are near-copies of hashes in the index, half are strangers: what a crawl asks. */
function queryHash(index: HammingIndex, rng: Rng): Hash64 {
  if (rng.next() < 0.5) return randomHash(rng);
  const { high, low } = index.at(rng.int(index.size));
  return { high: (high ^ (1 << rng.int(32))) >>> 0, low: (low ^ (1 << rng.int(32))) >>> 0 };
}

function measureLookup(hashes: number, radius: number): LookupResult {
  const rng = createRng(`lookup-${hashes}`);
  const index = new HammingIndex(radius);
  const buildStart = performance.now();
  for (let i = 0; i < hashes; i++) index.add(randomHash(rng));
  index.query(randomHash(rng));
  const buildMs = performance.now() - buildStart;
  const queries = Array.from({ length: QUERIES }, () => queryHash(index, rng));
  const start = performance.now();
  for (const query of queries) index.query(query);
  const lookupUs = (1000 * (performance.now() - start)) / QUERIES;
  return { hashes, buildMs, lookupUs, bytesPerHash: index.memoryBytes / hashes };
}

function growthExponent(results: readonly LookupResult[]): number {
  const points = results.map(({ hashes, lookupUs }) => [Math.log(hashes), Math.log(lookupUs)] as const);
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

/** Decode and hash speed, and look-up time at 10^4 to 10^6 hashes (about ten seconds on two cores). */
export async function run(sizes: readonly number[] = [1e4, 1e5, 1e6]): Promise<DedupeBenchmark> {
  const radius = DEFAULT_THRESHOLDS.maxPhashDistance;
  const decodeAndHash = await measureInspect(300);
  const lookup = sizes.map((size) => measureLookup(size, radius));
  return { decodeAndHash, radius, lookup, lookupGrowthExponent: growthExponent(lookup) };
}

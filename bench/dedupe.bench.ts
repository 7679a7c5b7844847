import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { createRng, rasteriseSvg, type Rng } from '../zoo/index.js';
import { type DedupeItem, groupDuplicates } from '../src/dataset/dedupe/group-duplicates.js';
import { formatHash, type Hash64 } from '../src/dataset/dedupe/hash64.js';
import { HammingIndex } from '../src/dataset/dedupe/hamming-index.js';
import { DEFAULT_THRESHOLDS } from '../src/dataset/dedupe/settings.js';
import { inspectImage } from '../src/dataset/inspect/inspect.js';
import { median } from './pictures.js';

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
  readonly decodeAndHash: {
    readonly images: number;
    readonly imagesPerSecond: number;
    /** Milliseconds against those of `sharp-phash`, which decodes and computes one hash of the seven measures. */
    readonly ofSharpPhash: number;
  };
  readonly radius: number;
  readonly lookup: readonly LookupResult[];
  /** Look-up time grows as hashes ^ exponent (least squares on the logarithms). */
  readonly lookupGrowthExponent: number;
  /** All pictures of a made-up collection grouped, mirrored and turned copies looked for, too. */
  readonly grouping: readonly GroupingResult[];
  /** Grouping time grows as pictures ^ exponent. */
  readonly groupingGrowthExponent: number;
}

/** One in ten pictures is a copy of an earlier one, 2 bits away. */
export interface GroupingResult {
  readonly pictures: number;
  readonly seconds: number;
  readonly copiesFound: number;
  readonly heapMb: number;
}

const QUERIES = 2000;
const sharpPhash = createRequire(import.meta.url)('sharp-phash') as (bytes: Buffer) => Promise<string>;

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
  const through = async (look: (picture: Buffer) => Promise<unknown>): Promise<number> => {
    const start = performance.now();
    for (const picture of pictures) await look(picture);
    return performance.now() - start;
  };
  await through(inspectImage);
  await through(sharpPhash);
  const rounds = [];
  for (let done = 0; done < images; done += pictures.length)
    rounds.push({ own: await through(inspectImage), peer: await through(sharpPhash) });
  const ms = rounds.reduce((sum, { own }) => sum + own, 0);
  return {
    images: rounds.length * pictures.length,
    imagesPerSecond: (1000 * rounds.length * pictures.length) / ms,
    ofSharpPhash: median(rounds.map(({ own, peer }) => own / peer)),
  };
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
  process.stderr.write(`  ${hashes} hashes: ${lookupUs.toFixed(1)} us a look-up\n`);
  return { hashes, buildMs, lookupUs, bytesPerHash: index.memoryBytes / hashes };
}

const flatDetail = Buffer.alloc(304, 128).toString('base64');

/** Pictures that are nothing but their hashes: random, every tenth a copy of the one before. */
function madeUpPictures(count: number): DedupeItem[] {
  const rng = createRng(`grouping-${count}`);
  const facts = { category: null, inner: null, detail: flatDetail, flatShare: 0, width: 640, height: 480 };
  let before = randomHash(rng);
  return Array.from({ length: count }, (_, i): DedupeItem => {
    const { high, low } = i % 10 === 9 ? before : randomHash(rng);
    before = { high, low };
    const phash = formatHash(i % 10 === 9 ? { high: (high ^ 16) >>> 0, low: (low ^ 1024) >>> 0 } : before);
    // Turned copies have hashes of their own; seven rotations of the digits stand in for them.
    const turns = [1, 2, 3, 4, 5, 6, 7].map((n) => phash.slice(n) + phash.slice(0, n) + phash).join('');
    return { ...facts, id: `${i}`, sha256: `${i}`, bytes: 50_000, phash, dhash: '0123456789abcdef', turns };
  });
}

function measureGrouping(pictures: number): GroupingResult {
  const items = madeUpPictures(pictures);
  const start = performance.now();
  const groups = groupDuplicates(items);
  const seconds = (performance.now() - start) / 1000;
  const copiesFound = groups.reduce((sum, { members }) => sum + members.length, 0);
  process.stderr.write(`  ${pictures} pictures grouped in ${seconds.toFixed(1)} s\n`);
  return { pictures, seconds, copiesFound, heapMb: Math.round(process.memoryUsage().heapUsed / 1e6) };
}

/** Least squares on the logarithms of size and time. */
function growthExponent(results: readonly (readonly [size: number, time: number])[]): number {
  const points = results.map(([size, time]) => [Math.log(size), Math.log(time)] as const);
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

/** Decode and hash speed, look-up time at 10^4 to 10^7 hashes, and grouping of 10^4 to 10^6 pictures: some minutes on two cores. */
export async function run(
  sizes: readonly number[] = [1e4, 1e5, 1e6, 1e7],
  collections: readonly number[] = [1e4, 1e5, 1e6],
): Promise<DedupeBenchmark> {
  const radius = DEFAULT_THRESHOLDS.maxPhashDistance;
  const decodeAndHash = await measureInspect(300);
  const lookup = sizes.map((size) => measureLookup(size, radius));
  const grouping = collections.map(measureGrouping);
  return {
    decodeAndHash,
    radius,
    lookup,
    lookupGrowthExponent: growthExponent(lookup.map(({ hashes, lookupUs }) => [hashes, lookupUs])),
    grouping,
    groupingGrowthExponent: growthExponent(grouping.map(({ pictures, seconds }) => [pictures, seconds])),
  };
}

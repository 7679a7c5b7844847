import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { embedPictures } from '../src/dataset/dedupe/embed.js';
import { type DedupeItem, groupDuplicates, type SecondLook } from '../src/dataset/dedupe/group-duplicates.js';
import { confirmByAlignment, createSecondLook, type Looks } from '../src/dataset/dedupe/second-look.js';
import { DEFAULT_LOOK, DEFAULT_THRESHOLDS } from '../src/dataset/dedupe/settings.js';
import { inspectImage } from '../src/dataset/inspect/inspect.js';
import { groupByDistance, type Grouping, type Peer, PEERS } from './duplicates/peers.js';
import { type BenchFile, type Half, readHalves, readTwins, requirePhotos } from './duplicates/photos.js';
import { type Score, scoreCopies, wrongOriginals } from './duplicates/score.js';
import { TRANSFORMS } from './duplicates/transforms.js';

type Twin = (a: string, b: string) => boolean;

/** What one method does on one half, by transform. */
export interface MethodResult {
  readonly method: string;
  readonly half: Half['name'];
  readonly setting: string;
  readonly byTransform: Readonly<Record<string, Score>>;
  readonly meanRecall: number;
  /** Different originals that were taken for one, without any copies around, and how many originals there are. */
  readonly wrongOriginals: readonly (readonly [string, string])[];
  readonly originals: number;
  readonly msPerPicture: number;
}

/** Groups any selection of a half's files. */
type Grouper = (files: readonly BenchFile[]) => Grouping;

function judge(
  method: string,
  setting: string,
  half: Half,
  group: Grouper,
  twin: Twin,
  msPerPicture: number,
): MethodResult {
  const originals = half.files.filter(({ transform }) => transform === null);
  const byTransform = Object.fromEntries(
    Object.keys(TRANSFORMS).map((name) => {
      const files = half.files.filter(({ transform }) => transform === null || transform === name);
      return [name, scoreCopies(files, group(files), twin)];
    }),
  );
  const recalls = Object.values(byTransform).map(({ recall }) => recall);
  return {
    method,
    half: half.name,
    setting,
    byTransform,
    meanRecall: recalls.reduce((sum, value) => sum + value, 0) / recalls.length,
    wrongOriginals: wrongOriginals(originals, group(originals), twin),
    originals: originals.length,
    msPerPicture,
  };
}

async function timed<T>(count: number, work: () => Promise<T>): Promise<{ value: T; msEach: number }> {
  const start = performance.now();
  const value = await work();
  return { value, msEach: (performance.now() - start) / count };
}

async function readItems(files: readonly BenchFile[]): Promise<Map<string, DedupeItem>> {
  const items = new Map<string, DedupeItem>();
  for (const { id, bytes } of files) {
    const { measures } = await inspectImage(bytes);
    if (measures) items.set(id, { ...measures, id, category: null });
  }
  return items;
}

function graftGrouper(items: ReadonlyMap<string, DedupeItem>, look: Looks | null): Grouper {
  return (files) => {
    const own = files.flatMap(({ id }) => items.get(id) ?? []);
    const groups = groupDuplicates(own, DEFAULT_THRESHOLDS, look && lookAt(look, own));
    return new Map(
      groups.flatMap(({ keeper, members }) =>
        [keeper, ...members.map(({ id }) => id)].map((id) => [id, keeper]),
      ),
    );
  };
}

/** The same originals are compared for every transform: each pair is aligned once. */
const aligned = new WeakMap<Uint8Array, WeakMap<Uint8Array, ReturnType<typeof confirmByAlignment>>>();

const confirmOnce: typeof confirmByAlignment = (first, second, thresholds) => {
  const known = aligned.get(first) ?? new WeakMap<Uint8Array, ReturnType<typeof confirmByAlignment>>();
  aligned.set(first, known);
  const before = known.get(second);
  if (before !== undefined) return before;
  const alignment = confirmByAlignment(first, second, thresholds);
  known.set(second, alignment);
  return alignment;
};

/** A second look at some of the pictures, as if the others were not there. */
function lookAt({ ids, greys, features }: Looks, items: readonly DedupeItem[]): SecondLook {
  const wanted = new Set(items.map(({ id }) => id));
  const rows = ids.flatMap((id, row) => (wanted.has(id) ? [row] : []));
  const some: Looks = {
    ids: rows.map((row) => ids[row] ?? ''),
    greys: rows.map((row) => greys[row] ?? new Uint8Array()),
    features: features.map(({ cols, data }) => {
      const picked = new Float32Array(rows.length * cols);
      rows.forEach((row, i) => picked.set(data.subarray(row * cols, (row + 1) * cols), i * cols));
      return { rows: rows.length, cols, data: picked };
    }),
  };
  return createSecondLook(some, DEFAULT_LOOK, confirmOnce);
}

/** Graft with hashes alone, and with embeddings. */
export async function runGraft(half: Half, twin: Twin): Promise<MethodResult[]> {
  const { value: items, msEach } = await timed(half.files.length, () => readItems(half.files));
  const hashes = judge('graft', 'hashes', half, graftGrouper(items, null), twin, msEach);
  const cacheDir = join(tmpdir(), 'graft-bench-backbones');
  const pictures = half.files.map(({ id, bytes }) => ({ id, read: () => Promise.resolve(bytes) }));
  const embedded = await timed(half.files.length, () => embedPictures(pictures, { cacheDir }));
  const grouper = graftGrouper(items, embedded.value);
  return [hashes, judge('graft', 'hashes and embeddings', half, grouper, twin, msEach + embedded.msEach)];
}

/** The largest distance at which precision stays at 0.99 on the tuning half, over all transforms. */
function tune(results: readonly { max: number; result: MethodResult }[]): number {
  const precise = results.filter(({ result }) => {
    const scores = Object.values(result.byTransform);
    return scores.reduce((sum, { precision }) => sum + precision, 0) / scores.length >= 0.99;
  });
  return precise.reduce((best, { max }) => Math.max(best, max), 0);
}

async function runPeer(peer: Peer, halves: readonly Half[], twin: Twin): Promise<MethodResult[]> {
  const groupers: { half: Half; ms: number; at: (max: number) => Grouper }[] = [];
  for (const half of halves) {
    const hashes = new Map<string, Awaited<ReturnType<Peer['hash']>>>();
    const { msEach } = await timed(half.files.length, async () => {
      for (const file of half.files) hashes.set(file.id, await peer.hash(file));
    });
    const at =
      (max: number): Grouper =>
      (files) =>
        groupByDistance(
          files.map(({ id, bytes }) => ({ id, bytes, hash: hashes.get(id) ?? null })),
          max,
        );
    groupers.push({ half, ms: msEach, at });
  }
  const [tuning, reporting] = groupers;
  if (!tuning || !reporting) return [];
  const tried = Array.from({ length: peer.maxDistance + 1 }, (_, max) => ({
    max,
    result: judge(peer.id, '', tuning.half, tuning.at(max), twin, tuning.ms),
  }));
  const report = (max: number, note: string): MethodResult =>
    judge(peer.id, `distance <= ${max} (${note})`, reporting.half, reporting.at(max), twin, reporting.ms);
  const results = [report(tune(tried), 'tuned to precision 0.99')];
  if (peer.documentedMax !== null) results.push(report(peer.documentedMax, 'documented'));
  return results;
}

/** A table for people, one row a method and setting: recall / precision by transform. */
export function tableOf(results: readonly MethodResult[]): string {
  const names = Object.keys(TRANSFORMS);
  const header = ['method', 'setting', ...names, 'mean recall', 'wrong originals', 'ms'];
  const rows = results.map((result) => [
    result.method,
    result.setting,
    ...names.map((name) => {
      const score = result.byTransform[name];
      return score ? `${score.recall.toFixed(3)} / ${score.precision.toFixed(3)}` : '';
    }),
    result.meanRecall.toFixed(3),
    `${result.wrongOriginals.length} of ${result.originals}`,
    result.msPerPicture.toFixed(1),
  ]);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Which copies each method finds, in one run: about ten minutes on two cores. `step`: copies are made of every step-th photograph. */
export async function run(step = 6): Promise<{ table: string; results: MethodResult[] }> {
  requirePhotos();
  const twin = await readTwins();
  const halves = await readHalves(step);
  const report = halves.find(({ name }) => name === 'report');
  if (!report) throw new Error('The half to report on is missing.');
  const results = await runGraft(report, twin);
  for (const peer of PEERS) results.push(...(await runPeer(peer, halves, twin)));
  const table = tableOf(results);
  process.stderr.write(`${table}\n`);
  return { table, results };
}

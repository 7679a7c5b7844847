import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hearWitnesses, meanScores } from '../src/dataset/curate/held-out.js';
import { judge } from '../src/dataset/curate/judge.js';
import { findLabelDoubts } from '../src/dataset/curate/label-noise.js';
import { DEFAULT_CURATE } from '../src/dataset/curate/settings.js';
import { projectRoot } from '../src/config/version.js';
import {
  createRng,
  extractFeatures,
  getBackbone,
  installBackbone,
  openExtractor,
  openFeatureFolder,
  runSearch,
  select,
  type FeatureShelf,
  type InstalledBackbone,
} from '../zoo/index.js';

const PHOTOS = join(projectRoot(), '..', 'shared', 'photos');
const CACHE = join(projectRoot(), '.graft', 'bench-cache');
const BACKBONE = 'nsfwjs-mobilenet-v2';
/** Where the final accuracy is searched: deep enough for all sets here, few enough for a benchmark. */
const SEARCHED_FROM = 0.5;

interface Photo {
  readonly path: string;
  readonly sha256: string;
  /** The true class; -1 for an outlier. */
  readonly truth: number;
  /** The class it is found under. */
  label: number;
}

interface Found {
  readonly pictures: number;
  /** Share of these whose label is wrong. */
  readonly precision: number;
  /** Share of all wrong labels that is among these. */
  readonly recall: number;
}

export interface NoiseResult {
  readonly pictures: number;
  readonly flipped: number;
  readonly outliers: number;
  readonly dropped: Found;
  /** Dropped or waiting for a person. */
  readonly doubted: Found;
  /** Test accuracy, on the same clean test pictures, of models trained on the clean, the noisy, and the curated pictures. */
  readonly accuracy: {
    readonly clean: number;
    readonly noisy: number;
    readonly curated: number;
    readonly reviewed: number;
  };
}

export interface NoiseBenchmark {
  readonly noise: readonly NoiseResult[] | null;
  /** Share of a clean set that is dropped and doubted: all of it by mistake, but for errors of the set itself. */
  readonly clean: Readonly<Record<string, { pictures: number; dropped: number; doubted: number }>> | null;
}

async function listSet(set: string): Promise<Photo[]> {
  const folders = (await readdir(join(PHOTOS, set))).sort();
  const photos: Photo[] = [];
  for (const [truth, folder] of folders.entries())
    for (const name of (await readdir(join(PHOTOS, set, folder))).sort()) {
      const path = join(PHOTOS, set, folder, name);
      const sha256 = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
      photos.push({ path, sha256, truth, label: truth });
    }
  return photos;
}

interface Bench {
  readonly installed: InstalledBackbone;
  readonly shelf: FeatureShelf;
}

async function embed(photos: readonly Photo[]): Promise<Bench> {
  const card = getBackbone(BACKBONE);
  const installed = await installBackbone(card, join(CACHE, 'backbones'));
  const shelf = await openFeatureFolder(join(CACHE, 'features'), installed);
  const extractor = await openExtractor(installed);
  const images = photos.map(({ sha256, path }) => ({ sha256, read: () => readFile(path) }));
  await extractFeatures({ images, targets: [{ card, extractor, shelf }] });
  await extractor.close();
  return { installed, shelf };
}

interface Curated {
  readonly dropped: ReadonlySet<Photo>;
  readonly doubted: ReadonlySet<Photo>;
}

/** What stage curate does, on these labels. */
async function curate(
  { installed, shelf }: Bench,
  photos: readonly Photo[],
  classes: number,
): Promise<Curated> {
  const images = photos.map(({ sha256 }) => sha256);
  const labels = Int32Array.from(photos, ({ label }) => label);
  const witnesses = await hearWitnesses(installed.taps, (tap) => shelf.read(tap, images), labels, classes);
  const doubts = findLabelDoubts(meanScores(witnesses.map(({ scores }) => scores)), labels, DEFAULT_CURATE);
  const pictures = photos.map(({ sha256, label }, row) => ({
    candidateId: String(row),
    categoryId: String(label),
    foundUnder: String(label),
    sha256,
    groupKey: sha256,
    reason: null,
    provider: 'bench',
    query: '',
    own: false,
    decision: null,
    dropped: null,
  }));
  const judged = judge(
    pictures,
    doubts.map((doubt) => ({ ...doubt, id: String(doubt.row) })),
    'drop',
    DEFAULT_CURATE,
  );
  const photosOf = (test: (one: (typeof judged)[number]) => boolean): Set<Photo> =>
    new Set(photos.filter((_, row) => test(judged[row] as (typeof judged)[number])));
  return {
    dropped: photosOf(({ reason }) => reason !== null),
    doubted: photosOf(({ doubt }) => doubt !== null),
  };
}

/** Accuracy on `test` of the best model for `train`, by the zoo's own search and choice. */
async function testAccuracy(
  { installed, shelf }: Bench,
  train: readonly Photo[],
  test: readonly Photo[],
  classes: number,
): Promise<number> {
  const rows = [...train, ...test];
  const images = rows.map(({ sha256 }) => sha256);
  const dealt = new Map<number, number>();
  const fold = ({ label }: Photo): number => {
    const count = dealt.get(label) ?? 0;
    dealt.set(label, count + 1);
    return count % 5;
  };
  const data = {
    features: installed.taps
      .filter((tap) => tap.depth >= SEARCHED_FROM)
      .map((tap) => ({ backbone: BACKBONE, tap, matrix: () => shelf.read(tap.id, images) })),
    labels: Int32Array.from(rows, ({ label }) => label),
    folds: Int32Array.from(rows, (photo, i) => (i < train.length ? fold(photo) : -1)),
    classes,
    classNames: Array.from({ length: classes }, (_, label) => String(label)),
    seed: 1,
  };
  const { trials } = await runSearch({ ...data, budgetMs: null, now: () => performance.now() });
  const { test: score } = await select({ ...data, trials });
  return score.accuracy;
}

const found = (chosen: ReadonlySet<Photo>, wrong: readonly Photo[]): Found => {
  const hits = wrong.filter((photo) => chosen.has(photo)).length;
  return { pictures: chosen.size, precision: hits / Math.max(1, chosen.size), recall: hits / wrong.length };
};

/** Flips labels and mixes in pictures of no class; the test pictures, a fifth of each class, stay as they are. */
async function withNoise(
  bench: Bench,
  sets: { photos: readonly Photo[]; strange: readonly Photo[] },
  { flips, outliers, seed }: { flips: number; outliers: number; seed: number },
): Promise<NoiseResult> {
  const rng = createRng(`noise/${seed}`);
  const classes = 1 + Math.max(...sets.photos.map(({ truth }) => truth));
  const shuffled = rng.shuffle(sets.photos);
  const seen = new Map<number, number>();
  const isTest = ({ truth }: Photo): boolean => {
    const count = seen.get(truth) ?? 0;
    seen.set(truth, count + 1);
    return count % 5 === 0;
  };
  const test = shuffled.filter(isTest);
  const clean = shuffled.filter((photo) => !test.includes(photo));
  const mislabelled = new Set(rng.shuffle(clean).slice(0, Math.round(flips * clean.length)));
  const strange = rng.shuffle(sets.strange).slice(0, Math.round(outliers * clean.length));
  const noisy = [
    ...clean.map((photo) =>
      mislabelled.has(photo)
        ? { ...photo, label: (photo.truth + 1 + rng.int(classes - 1)) % classes }
        : photo,
    ),
    ...strange.map((photo) => ({ ...photo, truth: -1, label: rng.int(classes) })),
  ].sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
  const { dropped, doubted } = await curate(bench, noisy, classes);
  const wrong = noisy.filter(({ truth, label }) => truth !== label);
  const score = (train: readonly Photo[]): Promise<number> => testAccuracy(bench, train, test, classes);
  return {
    pictures: noisy.length,
    flipped: mislabelled.size,
    outliers: strange.length,
    dropped: found(dropped, wrong),
    doubted: found(doubted, wrong),
    accuracy: {
      clean: await score(clean),
      noisy: await score(noisy),
      curated: await score(noisy.filter((photo) => !dropped.has(photo))),
      // A person looks at the queue: wrong ones of no class go, wrong labels are put right.
      reviewed: await score(
        noisy
          .filter((photo) => !dropped.has(photo) && !(doubted.has(photo) && photo.truth < 0))
          .map((photo) => (doubted.has(photo) ? { ...photo, label: photo.truth } : photo)),
      ),
    },
  };
}

/**
 * Wrong labels: `caltech-a` with 20 % of the labels flipped and 15 % outliers mixed in, what the
 * curation finds of them, and what that does to the final model; and what it would drop of sets without planted errors.
 */
export async function run(seeds: readonly number[] = [1, 2, 3]): Promise<NoiseBenchmark> {
  if (!existsSync(PHOTOS)) {
    process.stderr.write(
      `*** ${PHOTOS} is absent: the noise benchmark needs photographs and is left out. ***\n`,
    );
    return { noise: null, clean: null };
  }
  const sets = new Map<string, Photo[]>();
  for (const name of ['caltech-a', 'flowers', 'trash', 'outliers']) sets.set(name, await listSet(name));
  const of = (name: string): Photo[] => sets.get(name) ?? [];
  const bench = await embed([...sets.values()].flat());
  const noise: NoiseResult[] = [];
  for (const seed of seeds)
    noise.push(
      await withNoise(
        bench,
        { photos: of('caltech-a'), strange: of('outliers') },
        { flips: 0.2, outliers: 0.15, seed },
      ),
    );
  const clean: Record<string, { pictures: number; dropped: number; doubted: number }> = {};
  for (const name of ['caltech-a', 'flowers', 'trash']) {
    const photos = of(name);
    const { dropped, doubted } = await curate(
      bench,
      photos,
      1 + Math.max(...photos.map(({ truth }) => truth)),
    );
    clean[name] = { pictures: photos.length, dropped: dropped.size, doubted: doubted.size };
  }
  return { noise, clean };
}

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hearWitnesses, meanScores, type Onlooker } from '../src/dataset/curate/held-out.js';
import { judge } from '../src/dataset/curate/judge.js';
import { findLabelDoubts } from '../src/dataset/curate/label-noise.js';
import { ONLOOKERS } from '../src/dataset/curate/onlookers.js';
import { DEFAULT_CURATE } from '../src/dataset/curate/settings.js';
import { argmaxRows, createRng, runSearch, select, type Tap } from '../zoo/index.js';
import { pairedInterval, type Paired } from './noise/paired.js';
import {
  classesOf,
  embed,
  embeddingCostMs,
  install,
  listSet,
  PHOTOS,
  type Features,
  type Photo,
} from './noise/photos.js';

const FLIPS = 0.2;
const OUTLIERS = 0.15;
const TEST_FOLDS = 5;

interface Found {
  /** Pictures a round, on the mean. */
  readonly pictures: number;
  /** Share of these whose label is wrong. */
  readonly precision: number;
  /** Share of all wrong labels that is among these. */
  readonly recall: number;
}

/** Final models by what they learnt from. */
type Arm = 'clean' | 'noisy' | 'curated' | 'allRight';

export interface NoiseResult {
  readonly rounds: number;
  readonly dropped: Found;
  /** Dropped or waiting for a person. */
  readonly doubted: Found;
  /**
   * Share of the set predicted rightly, every picture by a model of the folds it is not in: learnt from the clean labels, the
   * noisy ones, the curated, and (what no dropping can beat) the noisy ones without all the wrong ones.
   */
  readonly accuracy: Readonly<Record<Arm, number>>;
  /** Accuracy less that of `clean`, over the same pictures, with its 95 % interval. */
  readonly behindClean: Readonly<Record<Exclude<Arm, 'clean'>, Paired>>;
  /** By noise seed, accuracy of `curated` less that of `clean`. */
  readonly bySeed: readonly number[];
}

export interface NoiseBenchmark {
  readonly noise: NoiseResult | null;
  /** What is dropped and doubted of sets without planted errors: all of it by mistake, but for errors of the sets themselves. */
  readonly clean: Readonly<Record<string, { pictures: number; dropped: number; doubted: number }>> | null;
  /** On 600 pictures: through all backbones (the stage features finds that done), and judging. */
  readonly seconds: { readonly embedding: number; readonly judging: number } | null;
}

interface Curated {
  readonly dropped: ReadonlySet<Photo>;
  readonly doubted: ReadonlySet<Photo>;
}

function onlookersOf(features: Features, photos: readonly Photo[]): Onlooker[] {
  const byBackbone = new Map<string, Tap[]>();
  for (const { backbone, tap } of features.taps)
    byBackbone.set(backbone, [...(byBackbone.get(backbone) ?? []), tap]);
  return [...byBackbone].map(([backbone, taps]) => ({
    backbone,
    taps,
    load: (tap) => Promise.resolve(features.read(backbone, tap, photos)),
  }));
}

/** What stage curate does, on these labels. */
async function curate(features: Features, photos: readonly Photo[], classes: number): Promise<Curated> {
  const labels = Int32Array.from(photos, ({ label }) => label);
  const witnesses = await hearWitnesses(onlookersOf(features, photos), labels, classes);
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
  const named = doubts.map((doubt) => ({ ...doubt, id: String(doubt.row) }));
  const judged = judge(pictures, named, 'drop', DEFAULT_CURATE);
  const photosOf = (test: (one: (typeof judged)[number]) => boolean): Set<Photo> =>
    new Set(photos.filter((_, row) => test(judged[row] as (typeof judged)[number])));
  return {
    dropped: photosOf(({ reason }) => reason !== null),
    doubted: photosOf(({ doubt }) => doubt !== null),
  };
}

/** Each class dealt out in turn. */
function deal(photos: readonly Photo[], folds: number, classOf: (photo: Photo) => number): Int32Array {
  const dealt = new Map<number, number>();
  return Int32Array.from(photos, (photo) => {
    const count = dealt.get(classOf(photo)) ?? 0;
    dealt.set(classOf(photo), count + 1);
    return count % folds;
  });
}

/** Which of `test` the best model for `train` predicts rightly, by the zoo's own search and choice. */
async function predictRightly(
  features: Features,
  train: readonly Photo[],
  test: readonly Photo[],
  classes: number,
): Promise<boolean[]> {
  const rows = [...train, ...test];
  const folds = deal(train, 5, ({ label }) => label);
  const data = {
    features: features.taps.map(({ backbone, tap }) => ({
      backbone,
      tap,
      matrix: () => Promise.resolve(features.read(backbone, tap.id, rows)),
    })),
    labels: Int32Array.from(rows, ({ label }) => label),
    folds: Int32Array.from(rows, (_, i) => folds[i] ?? -1),
    classes,
    classNames: Array.from({ length: classes }, (_, label) => String(label)),
    seed: 1,
  };
  const { trials } = await runSearch({ ...data, budgetMs: null, now: () => performance.now() });
  const predicted = argmaxRows((await select({ ...data, trials })).test.probabilities);
  return test.map(({ truth }, i) => predicted[i] === truth);
}

/** Flips labels and mixes in pictures of no class. */
function spoil(clean: readonly Photo[], strange: readonly Photo[], classes: number, seed: string): Photo[] {
  const rng = createRng(seed);
  const flipped = new Set(rng.shuffle(clean).slice(0, Math.round(FLIPS * clean.length)));
  const mixedIn = rng.shuffle(strange).slice(0, Math.round(OUTLIERS * clean.length));
  const noisy = [
    ...clean.map((photo) =>
      flipped.has(photo) ? { ...photo, label: (photo.truth + 1 + rng.int(classes - 1)) % classes } : photo,
    ),
    ...mixedIn.map((photo) => ({ ...photo, truth: -1, label: rng.int(classes) })),
  ];
  return noisy.sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
}

interface Round {
  readonly dropped: ReadonlySet<Photo>;
  readonly doubted: ReadonlySet<Photo>;
  readonly wrong: readonly Photo[];
}

function found(rounds: readonly Round[], which: 'dropped' | 'doubted'): Found {
  let chosen = 0;
  let hits = 0;
  let wrong = 0;
  for (const round of rounds) {
    chosen += round[which].size;
    wrong += round.wrong.length;
    hits += round.wrong.filter((photo) => round[which].has(photo)).length;
  }
  return { pictures: chosen / rounds.length, precision: hits / Math.max(1, chosen), recall: hits / wrong };
}

/** Every picture of the set is tested on once for each noise seed. */
class CrossTest {
  private readonly classes: number;
  private readonly folds: Int32Array;
  private readonly rounds: Round[] = [];
  /** By arm and seed: 1 where right, one entry a picture. `clean` knows no seed. */
  private readonly right: Record<Arm, number[][]> = { clean: [[]], noisy: [], curated: [], allRight: [] };

  constructor(
    private readonly features: Features,
    private readonly photos: readonly Photo[],
    private readonly strange: readonly Photo[],
  ) {
    this.classes = classesOf(photos);
    this.folds = deal(photos, TEST_FOLDS, ({ truth }) => truth);
  }

  private async score(arm: Arm, seed: number, fold: number, train: readonly Photo[]): Promise<void> {
    const rows = [...this.photos.keys()].filter((row) => this.folds[row] === fold);
    const test = rows.map((row) => this.photos[row] as Photo);
    const right = await predictRightly(this.features, train, test, this.classes);
    const entry = (this.right[arm][seed] ??= []);
    rows.forEach((row, i) => (entry[row] = Number(right[i])));
  }

  async run(seeds: number): Promise<NoiseResult> {
    for (let fold = 0; fold < TEST_FOLDS; fold++) {
      const clean = this.photos.filter((_, row) => this.folds[row] !== fold);
      await this.score('clean', 0, fold, clean);
      for (let seed = 0; seed < seeds; seed++) {
        process.stderr.write(
          `  test fold ${fold + 1} of ${TEST_FOLDS}, noise seed ${seed + 1} of ${seeds}\r`,
        );
        const noisy = spoil(clean, this.strange, this.classes, `noise/${seed}/${fold}`);
        const { dropped, doubted } = await curate(this.features, noisy, this.classes);
        const isRight = ({ truth, label }: Photo): boolean => truth === label;
        this.rounds.push({ dropped, doubted, wrong: noisy.filter((photo) => !isRight(photo)) });
        await this.score('noisy', seed, fold, noisy);
        const kept = noisy.filter((photo) => !dropped.has(photo));
        await this.score('curated', seed, fold, kept);
        await this.score('allRight', seed, fold, noisy.filter(isRight));
      }
    }
    return this.result();
  }

  private result(): NoiseResult {
    const { clean, ...others } = this.right;
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    const behind = (arm: keyof typeof others): number[][] =>
      this.right[arm].map((row) => row.map((value, i) => value - (clean[0]?.[i] ?? 0)));
    const each = <T>(of: (arm: keyof typeof others) => T) => ({
      noisy: of('noisy'),
      curated: of('curated'),
      allRight: of('allRight'),
    });
    return {
      rounds: this.rounds.length,
      dropped: found(this.rounds, 'dropped'),
      doubted: found(this.rounds, 'doubted'),
      accuracy: { clean: mean(clean.flat()), ...each((arm) => mean(this.right[arm].flat())) },
      behindClean: each((arm) => pairedInterval(behind(arm))),
      bySeed: behind('curated').map(mean),
    };
  }
}

/**
 * Wrong labels: `caltech-a` with 20 % of the labels flipped and 15 % outliers mixed in, what the curation finds of them, and
 * what that does to the final model; and what it would drop of sets without planted errors. Embedded features are cached.
 */
export async function run(seeds = 4): Promise<NoiseBenchmark> {
  if (!existsSync(PHOTOS)) {
    process.stderr.write(
      `*** ${PHOTOS} is absent: the noise benchmark needs photographs and is left out. ***\n`,
    );
    return { noise: null, clean: null, seconds: null };
  }
  const sets = new Map<string, Photo[]>();
  for (const name of ['caltech-a', 'flowers', 'trash', 'outliers']) sets.set(name, await listSet(name));
  const of = (name: string): Photo[] => sets.get(name) ?? [];
  const installed = await install(ONLOOKERS);
  const features = await embed(installed, [...sets.values()].flat());
  const clean: Record<string, { pictures: number; dropped: number; doubted: number }> = {};
  let judging = 0;
  for (const name of ['caltech-a', 'trash', 'flowers']) {
    const photos = of(name);
    const start = performance.now();
    const { dropped, doubted } = await curate(features, photos, classesOf(photos));
    judging = (performance.now() - start) / 1000;
    clean[name] = { pictures: photos.length, dropped: dropped.size, doubted: doubted.size };
  }
  const folder = await mkdtemp(join(tmpdir(), 'graft-noise-'));
  const costMs = await embeddingCostMs(installed, of('flowers').slice(0, 100), folder);
  await rm(folder, { recursive: true, force: true });
  const noise = await new CrossTest(features, of('caltech-a'), of('outliers')).run(seeds);
  return { noise, clean, seconds: { embedding: (600 * costMs) / 1000, judging } };
}

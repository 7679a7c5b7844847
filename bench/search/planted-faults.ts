import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { findLabelDoubts } from '../../src/dataset/curate/label-noise.js';
import { hearWitnesses, meanScores } from '../../src/dataset/curate/held-out.js';
import { DEFAULT_CURATE } from '../../src/dataset/curate/settings.js';
import { wordings } from '../../src/modalities/modality.js';
import {
  createRng,
  examine,
  openExtractor,
  extractFeatures,
  select,
  type DoubtedRow,
  type FeatureSet,
  type HeadParams,
} from '../../zoo/index.js';
import type { BenchBackbone } from './bench-zoo.js';
import { readPhotoSet, type Photo, type PhotoSet } from './photo-set.js';
import { rankOnly } from './rank-only.js';

/** Pictures with a fault in them, as the stages before the trials would hand them on. */
interface Case {
  readonly name: string;
  /** The one code that must be found; null where nothing must be. */
  readonly expected: string | null;
  readonly classNames: readonly string[];
  readonly pictures: readonly Photo[];
  readonly own?: ReadonlySet<string>;
  /** A head that is forced instead of the best one. */
  readonly forced?: { readonly tap: string; readonly params: HeadParams };
}

export interface DiagnosisOutcome {
  readonly name: string;
  readonly expected: string | null;
  readonly found: readonly string[];
  readonly messages: readonly string[];
  readonly right: boolean;
}

type Change = (picture: Sharp) => Sharp;
/** What a transformed picture is: its bytes are made when they are needed. */
const made = new Map<string, { path: string; change: Change }>();

function changed(photo: Photo, label: number, name: string, change: Change): Photo {
  const sha256 = createHash('sha256').update(`${photo.sha256}/${name}`).digest('hex');
  made.set(sha256, { path: photo.path, change });
  return { sha256, path: photo.path, label };
}

async function bytesOf({ sha256, path }: Photo): Promise<Buffer> {
  const recipe = made.get(sha256);
  if (!recipe) return readFile(path);
  return recipe.change(sharp(recipe.path)).png().toBuffer();
}

const ofLabel = ({ photos }: PhotoSet, label: number, count = Infinity): Photo[] =>
  photos.filter((photo) => photo.label === label).slice(0, count);

/** The first so many of each category, the number depending on the category. */
const some = (set: PhotoSet, count: (label: number) => number): Photo[] =>
  set.classNames.flatMap((_, label) => ofLabel(set, label, count(label)));

/** Blurred, grey and dark: taken with another camera by another light. */
const POOR: Change = (picture) => picture.greyscale().blur(3).modulate({ brightness: 0.45 });

function domainCase(set: PhotoSet): Case {
  const pictures = set.photos.map((photo, i) =>
    i % 6 === 0 ? changed(photo, photo.label, 'poor', POOR) : photo,
  );
  const own = new Set(pictures.filter((_, i) => i % 6 === 0).map(({ sha256 }) => sha256));
  return {
    name: 'own pictures blurred, grey and dark',
    expected: 'domain-gap',
    classNames: set.classNames,
    pictures,
    own,
  };
}

/** Left or right: networks are trained not to care. */
function mirrorCase(set: PhotoSet): Case {
  const half = set.photos.filter((_, i) => i % 3 === 0);
  const pictures = half.map((photo, i) =>
    i % 2 === 0 ? { ...photo, label: 0 } : changed(photo, 1, 'mirrored', (picture) => picture.flop()),
  );
  return {
    name: 'pictures and mirrored pictures',
    expected: 'backbone-mismatch',
    classNames: ['as taken', 'mirrored'],
    pictures,
  };
}

function splitCase(set: PhotoSet, label: number): Case {
  const pictures = set.photos.map((photo, i) =>
    photo.label === label && i % 2 === 0 ? { ...photo, label: set.classNames.length } : photo,
  );
  const classNames = [...set.classNames, `${set.classNames[label]} too`];
  return { name: 'one category under two names', expected: 'confusable-categories', classNames, pictures };
}

function swappedCase(set: PhotoSet): Case {
  const rng = createRng('swapped labels');
  const classes = set.classNames.length;
  const pictures = set.photos.map((photo) =>
    rng.next() < 0.08 ? { ...photo, label: (photo.label + 1 + rng.int(classes - 1)) % classes } : photo,
  );
  return {
    name: '8 % of the labels swapped',
    expected: 'label-errors',
    classNames: set.classNames,
    pictures,
  };
}

const plain = (set: PhotoSet): Case => ({
  name: 'clean',
  expected: null,
  classNames: set.classNames,
  pictures: set.photos,
});

const fewCase = (set: PhotoSet): Case => ({
  ...plain(set),
  name: '10 pictures a category',
  expected: 'too-few-pictures',
  pictures: some(set, () => 10),
});

const unbalancedCase = (set: PhotoSet): Case => ({
  ...plain(set),
  name: '12 pictures of the last category',
  expected: 'unbalanced-pictures',
  pictures: some(set, (label) => (label === set.classNames.length - 1 ? 12 : 120)),
});

const overfitCase = (set: PhotoSet): Case => ({
  ...plain(set),
  name: 'a head with next to no penalty',
  expected: 'head-overfit',
  forced: { tap: 'block-09', params: { strength: 1e-4 } },
});

const on = (set: PhotoSet, make: (set: PhotoSet) => Case): Case => {
  const made = make(set);
  return { ...made, name: `${set.name}: ${made.name}` };
};

/** Faults planted in photographs, and the same photographs without: the cases that the rules were made with. */
export async function plantedCases(): Promise<Case[]> {
  const [flowers, caltech] = [await readPhotoSet('flowers'), await readPhotoSet('caltech-a')];
  return [
    on(caltech, plain),
    on(flowers, plain),
    on(flowers, fewCase),
    on(flowers, unbalancedCase),
    on(caltech, (set) => splitCase(set, 6)),
    on(caltech, swappedCase),
    on(flowers, mirrorCase),
    on(caltech, overfitCase),
    on(flowers, domainCase),
  ];
}

/** The same faults where nobody looked when the rules were made: in other photographs. */
export async function heldOutCases(): Promise<Case[]> {
  const [flowers, caltech, trash] = [
    await readPhotoSet('flowers'),
    await readPhotoSet('caltech-a'),
    await readPhotoSet('trash'),
  ];
  return [
    on(trash, plain),
    on(trash, fewCase),
    on(trash, unbalancedCase),
    on(flowers, (set) => splitCase(set, 2)),
    on(flowers, swappedCase),
    on(caltech, mirrorCase),
    on(flowers, overfitCase),
    on(caltech, domainCase),
  ];
}

/** A sixth of each category for the test, the others in five folds, in random order. */
function deal(pictures: readonly Photo[]): Int32Array {
  const counts = new Map<number, number>();
  const folds = new Int32Array(pictures.length);
  for (const row of createRng('folds').shuffle([...pictures.keys()])) {
    const label = pictures[row]?.label ?? 0;
    const turn = counts.get(label) ?? 0;
    counts.set(label, turn + 1);
    folds[row] = (turn % 6) - 1;
  }
  return folds;
}

async function fill(backbones: readonly BenchBackbone[], pictures: readonly Photo[]): Promise<void> {
  for (const { installed, shelf } of backbones) {
    const extractor = await openExtractor(installed);
    const images = pictures.map((photo) => ({ sha256: photo.sha256, read: () => bytesOf(photo) }));
    await extractFeatures({ images, targets: [{ card: installed.card, extractor, shelf }] });
    await extractor.close();
  }
}

/** What the stage curate would doubt. */
async function doubtsOf(
  backbones: readonly BenchBackbone[],
  pictures: readonly Photo[],
  classes: number,
): Promise<DoubtedRow[]> {
  const labels = Int32Array.from(pictures, ({ label }) => label);
  const hashes = pictures.map(({ sha256 }) => sha256);
  const onlookers = backbones.map(({ installed, shelf }) => ({
    backbone: installed.card.id,
    taps: installed.taps,
    load: (tap: string) => shelf.read(tap, hashes),
  }));
  const witnesses = await hearWitnesses(onlookers, labels, classes);
  return findLabelDoubts(meanScores(witnesses.map(({ scores }) => scores)), labels, DEFAULT_CURATE);
}

/** Runs the search and the diagnosis on one case. Taps are ranked; trained heads are left out, for time. */
export async function diagnoseCase(
  backbones: readonly BenchBackbone[],
  one: Case,
): Promise<DiagnosisOutcome> {
  const { pictures, classNames, forced } = one;
  await fill(backbones, pictures);
  const hashes = pictures.map(({ sha256 }) => sha256);
  const features = backbones.flatMap(({ installed, shelf }) =>
    installed.taps.map((tap): FeatureSet => ({
      backbone: installed.card.id,
      tap,
      matrix: () => shelf.read(tap.id, hashes),
    })),
  );
  const labels = Int32Array.from(pictures, ({ label }) => label);
  const data = { features, labels, folds: deal(pictures), classes: classNames.length, classNames, seed: 1 };
  const { trials } = await rankOnly(data);
  const considered = forced
    ? trials
        .filter(({ tap, head }) => head === 'ridge' && tap === forced.tap)
        .map((trial) => ({ ...trial, params: forced.params }))
    : trials;
  const selection = await select({ ...data, trials: considered });
  const { diagnosis } = await examine({
    ...data,
    wording: wordings.image,
    trials,
    selection,
    ids: hashes,
    groups: hashes,
    own: hashes.map((sha256) => one.own?.has(sha256) ?? false),
    doubts: await doubtsOf(backbones, pictures, classNames.length),
  });
  const found = diagnosis.map(({ code }) => code);
  const right =
    one.expected === null ? found.length === 0 : found[0] === one.expected && new Set(found).size === 1;
  return {
    name: one.name,
    expected: one.expected,
    found,
    messages: diagnosis.map(({ message }) => message),
    right,
  };
}

import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { projectRoot } from '../src/config/version.js';
import { splitByGroup } from '../src/dataset/split/split-by-group.js';
import {
  backbones,
  extractFeatures,
  installBackbone,
  openExtractor,
  openFeatureFolder,
  runSearch,
  select,
  type FeatureSet,
} from '../zoo/index.js';
import { benchPictures } from './pictures.js';

const CLASSES = 5;
const PER_CLASS = 120;

export interface HeadBenchmark {
  readonly source: string;
  readonly pictures: number;
  readonly taps: number;
  readonly featuresMs: number;
  readonly searchMs: number;
  readonly selectMs: number;
  /** Search and selection as a share of the time the features took, in this run. */
  readonly share: number;
  readonly validationAccuracy: number;
  readonly testAccuracy: number;
}

async function openTargets(folder: string) {
  const targets = [];
  for (const card of backbones) {
    const installed = await installBackbone(card, join(projectRoot(), '.graft', 'bench-cache'));
    targets.push({
      card,
      installed,
      extractor: await openExtractor(installed),
      shelf: await openFeatureFolder(folder, installed),
    });
  }
  return targets;
}

/** Head search time as a share of feature time on 600 pictures. Aim: 5 % or less. */
export async function run(): Promise<HeadBenchmark> {
  const folder = await mkdtemp(join(tmpdir(), 'graft-bench-'));
  const { source, pictures } = await benchPictures(CLASSES, PER_CLASS);
  const images = pictures.map(({ bytes }) => ({
    sha256: createHash('sha256').update(bytes).digest('hex'),
    read: () => Promise.resolve(bytes),
  }));
  const targets = await openTargets(folder);
  const featuresStart = performance.now();
  await extractFeatures({ images, targets });
  const featuresMs = performance.now() - featuresStart;
  const hashes = images.map(({ sha256 }) => sha256);
  const features = targets.flatMap(({ card, installed, shelf }) =>
    installed.taps.map((tap): FeatureSet => ({
      backbone: card.id,
      tap,
      matrix: () => shelf.read(tap.id, hashes),
    })),
  );
  const items = pictures.map(({ label }, i) => ({
    id: String(i),
    category: String(label),
    group: hashes[i] ?? '',
  }));
  const folds = Int32Array.from(
    splitByGroup(items, { seed: 1, testShare: 0.2, folds: 5 }),
    ({ fold }) => fold,
  );
  const data = {
    features,
    folds,
    labels: Int32Array.from(pictures, ({ label }) => label),
    classes: CLASSES,
    seed: 1,
  };
  const searchStart = performance.now();
  const { trials } = await runSearch({ ...data, budgetMs: null, now: () => performance.now() });
  const selectStart = performance.now();
  const selection = await select({ ...data, trials });
  const end = performance.now();
  for (const { extractor } of targets) await extractor.close();
  await rm(folder, { recursive: true, force: true });
  return {
    source,
    pictures: pictures.length,
    taps: features.length,
    featuresMs,
    searchMs: selectStart - searchStart,
    selectMs: end - selectStart,
    share: (end - searchStart) / featuresMs,
    validationAccuracy: selection.trial.validation.accuracy,
    testAccuracy: selection.test.accuracy,
  };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  openTextExtractor,
  prepareText,
  select,
  textBackbones,
  type FeatureSet,
  type Matrix,
  type TextCorpus,
} from '../../zoo/index.js';
import { rankOnly } from '../search/rank-only.js';
import type { Draw, Review } from './draws.js';

/** Features of some backbones for some texts, and the taps they come from. */
export type Features = readonly (Omit<FeatureSet, 'matrix'> & { readonly matrix: Matrix })[];

/** Makes backbones from a corpus, and the features of texts. */
export async function featuresOf(
  ids: readonly string[],
  corpus: TextCorpus,
  texts: readonly string[],
): Promise<Features> {
  const folder = await mkdtemp(join(tmpdir(), 'graft-bench-text-'));
  try {
    const all: Features[number][] = [];
    for (const card of textBackbones.filter(({ id }) => ids.includes(id))) {
      const extractor = await openTextExtractor(await prepareText(card, corpus, folder), { threads: 1 });
      const matrices = await extractor.run(texts);
      await extractor.close();
      extractor.taps.forEach((tap, i) => all.push({ backbone: card.id, tap, matrix: matrices[i] as Matrix }));
    }
    return all;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const FOLDS = 4;

/** Share of the test texts that Graft's choice among the features gets right; ranked by ridge, as a run without a budget begins. */
export async function accuracyOf(
  features: Features,
  reviews: readonly Review[],
  { dev, test }: Draw,
): Promise<number> {
  const rows = [...dev, ...test];
  const data = {
    features,
    labels: Int32Array.from(rows, (at) => reviews[at]?.label ?? 0),
    // Labels alternate by halves: each fold gets as many of either.
    folds: Int32Array.from(rows, (_, i) => (i < dev.length ? i % FOLDS : -1)),
    classes: 2,
    seed: 1,
  };
  const { trials } = await rankOnly(data);
  return (await select({ ...data, trials })).test.accuracy;
}

/** The rows of a draw from features of all texts. */
export function rowsOf(features: Features, { dev, test }: Draw): Features {
  const rows = [...dev, ...test];
  return features.map((set) => {
    const { cols, data } = set.matrix;
    const out = new Float32Array(rows.length * cols);
    rows.forEach((at, i) => out.set(data.subarray(at * cols, (at + 1) * cols), i * cols));
    return { ...set, matrix: { rows: rows.length, cols, data: out } };
  });
}

import { beforeAll, describe, expect, it } from 'vitest';
import { examine, type ExaminationRequest } from '../../../../zoo/diagnosis/examine.js';
import { diagnosisSchema, type Diagnosis } from '../../../../zoo/diagnosis/types.js';
import type { HeadParams } from '../../../../zoo/heads/head.js';
import type { Matrix } from '../../../../zoo/matrix.js';
import { createRng } from '../../../../zoo/rng.js';
import { runSearch } from '../../../../zoo/search/run-search.js';
import { select } from '../../../../zoo/search/select.js';
import type { FeatureSet, SearchProgress } from '../../../../zoo/search/types.js';
import type { Wording } from '../../../../zoo/wording.js';
import { balanced, syntheticFeatures, type SyntheticTap } from '../search/synthetic.js';

const classNames = ['ant', 'bee', 'cat', 'dog'];
const CLASSES = classNames.length;
/** A modality of which the diagnosis knows nothing. */
const SHERDS: Wording = {
  one: 'sherd',
  many: 'sherds',
  moreFrom: 'other digs',
  ownBackbone: 'ask a potter',
};
/** Two backbones that know the pictures, better the deeper one looks. */
const KNOWING: SyntheticTap[] = [
  { backbone: 'net', id: 'early', signal: 4.5, flops: 20, cols: 32 },
  { backbone: 'net', id: 'late', signal: 6.5, flops: 100, cols: 32 },
  { backbone: 'other', id: 'late', signal: 5.5, flops: 100, cols: 32 },
];

type Pictures = Pick<ExaminationRequest, 'features' | 'labels' | 'folds'> & Partial<ExaminationRequest>;

function clean(taps = KNOWING, rows = 480): Pictures {
  const { labels, folds } = balanced(rows, CLASSES);
  return { labels, folds, features: syntheticFeatures(labels, taps, 5) };
}

async function diagnosisOf(pictures: Pictures, forced?: HeadParams): Promise<readonly Diagnosis[]> {
  const data = { ...pictures, classes: CLASSES, classNames, seed: 1 };
  // The ranking of the taps is all that is needed here: the clock stands still until it is over.
  let clock = 0;
  const onProgress = ({ done, total }: SearchProgress): void => void (done === total && (clock = 2));
  const { trials } = await runSearch({ ...data, budgetMs: 1, now: () => clock, onProgress });
  const [ridge] = trials.filter(({ head }) => head === 'ridge');
  const considered = ridge && forced ? [{ ...ridge, params: forced }] : trials;
  const selection = await select({ ...data, trials: considered });
  const each = Array.from(pictures.labels, (_, i) => `picture-${i}`);
  const story = { ids: each, groups: each, own: each.map(() => false), doubts: [], wording: SHERDS };
  const { diagnosis } = await examine({ ...story, ...data, trials, selection });
  for (const one of diagnosis) {
    expect(diagnosisSchema.parse(one)).toEqual(one);
    expect(one.message + one.fix).not.toMatch(/picture/i);
  }
  return diagnosis;
}

const codes = (diagnosis: readonly Diagnosis[]): string[] => diagnosis.map(({ code }) => code);

/** Applies a change to the feature row of every picture that is picked. */
function changed(
  features: readonly FeatureSet[],
  picked: (row: number) => boolean,
  change: (value: number, col: number) => number,
): FeatureSet[] {
  return features.map((set) => {
    const { rows, cols, data } = set.matrix as Matrix;
    return {
      ...set,
      matrix: {
        rows,
        cols,
        data: data.map((value, at) => (picked(Math.floor(at / cols)) ? change(value, at % cols) : value)),
      },
    };
  });
}

describe('six planted faults, and none', () => {
  let pictures: Pictures;
  beforeAll(() => void (pictures = clean()));

  it('finds nothing wrong with a clean set', async () => {
    expect(await diagnosisOf(pictures)).toEqual([]);
  });

  it('too few pictures of every category', async () => {
    const few = clean(
      KNOWING.map((tap) => ({ ...tap, signal: 4, cols: 200 })),
      60,
    );
    const diagnosis = await diagnosisOf(few);
    expect(codes(diagnosis)).toEqual(['too-few-pictures']);
    expect(diagnosis[0]?.evidence['perCategory']).toBe(12);
    expect(diagnosis[0]?.message).toContain('48 sherds');
  });

  it('too few pictures, through which labels seem wrong', async () => {
    const few = clean(
      KNOWING.map((tap) => ({ ...tap, signal: 4, cols: 200 })),
      60,
    );
    const doubts = [3, 17, 22].map((row) => ({ row, suggestion: 0, suspicion: 0.9 }));
    expect(codes(await diagnosisOf({ ...few, doubts }))).toEqual(['too-few-pictures']);
  });

  it('too few of one category, which loses its pictures to the others', async () => {
    const { labels, folds } = balanced(480, CLASSES);
    // Three in four pictures of dog are not there: fold -2 is learnt by nobody.
    const sparse = folds.map((fold, row) =>
      labels[row] === 3 && Math.floor(row / CLASSES) % 8 > 0 ? -2 : fold,
    );
    const taps = KNOWING.map((tap) => ({ ...tap, signal: tap.signal * 0.6 }));
    const diagnosis = await diagnosisOf({
      labels,
      folds: sparse,
      features: syntheticFeatures(labels, taps, 5),
    });
    expect(codes(diagnosis)).toContain('unbalanced-pictures');
    expect(diagnosis.find(({ code }) => code === 'unbalanced-pictures')?.categories).toEqual(['dog']);
  });

  it('two categories that are one', async () => {
    const features = syntheticFeatures(
      pictures.labels.map((label) => (label === 2 ? 1 : label)),
      KNOWING,
      5,
    );
    const diagnosis = await diagnosisOf({ ...pictures, features });
    expect(codes(diagnosis)).toEqual(['confusable-categories']);
    expect(diagnosis[0]?.categories).toEqual(['bee', 'cat']);
    const rows = diagnosis[0]?.examples.map((id) => Number(id.split('-')[1])) ?? [];
    expect(rows.length).toBeGreaterThan(5);
    for (const row of rows) expect([1, 2]).toContain(pictures.labels[row]);
  });

  it('labels that earlier stages doubt', async () => {
    const doubts = Array.from({ length: 20 }, (_, i) => ({ row: i * 11, suggestion: 0, suspicion: 0.8 }));
    const diagnosis = await diagnosisOf({ ...pictures, doubts });
    expect(codes(diagnosis)).toEqual(['label-errors']);
    expect(diagnosis[0]?.examples.length).toBeGreaterThan(0);
  });

  it('backbones that know nothing of these pictures', async () => {
    const taps = [
      { backbone: 'net', id: 'early', signal: 1.6, flops: 20 },
      { backbone: 'net', id: 'late', signal: 0.2, flops: 100 },
      { backbone: 'other', id: 'late', signal: 0.1, flops: 100 },
    ];
    const diagnosis = await diagnosisOf(clean(taps));
    expect(codes(diagnosis)).toEqual(['backbone-mismatch']);
    expect(diagnosis[0]?.evidence['depth']).toBeCloseTo(0.2);
  });

  it('a head that learns by heart', async () => {
    // About as many columns as pictures to learn from, and next to no penalty: every picture is learnt, hardly any foretold.
    const wide = clean(KNOWING.slice(1, 2).map((tap) => ({ ...tap, cols: 300 })));
    const diagnosis = await diagnosisOf(wide, { strength: 1e-6 });
    expect(codes(diagnosis)).toEqual(['head-overfit']);
    expect(diagnosis[0]?.evidence['learnt']).toBe(1);
  });

  it('own pictures of another kind than the crawled', async () => {
    const own = Array.from(pictures.labels, (_, row) => Math.floor(row / CLASSES) % 6 === 1);
    const rng = createRng('dim');
    const features = changed(
      pictures.features,
      (row) => own[row] === true,
      (value) => 5 + (value - 5) * 0.3 + rng.normal() + 1,
    );
    const diagnosis = await diagnosisOf({ ...pictures, features, own });
    expect(codes(diagnosis)).toEqual(['domain-gap']);
    expect(diagnosis[0]?.evidence['own']).toBe(
      own.filter((mine, row) => mine && (pictures.folds[row] as number) >= 0).length,
    );
  });
});

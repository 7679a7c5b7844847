import { expect, test } from 'vitest';
import { createRng } from '../../../../../zoo/rng.js';
import { keepChances, samplingTable } from '../../../../../zoo/text/vectors/draws.js';
import { ngramsOfWord } from '../../../../../zoo/text/vectors/subwords.js';
import { trainWordVectors, type WordVectors } from '../../../../../zoo/text/vectors/train.js';
import { buildVocabulary } from '../../../../../zoo/text/vectors/vocabulary.js';

const ANIMALS = ['cat', 'dog', 'fox', 'hen'];
const PLACES = ['rome', 'oslo', 'lima', 'bonn'];

/** Sentences in which animals keep company with "eats" words and places with "near" words. */
function sentences(count: number): string[][] {
  const rng = createRng('sentences');
  const pick = (words: readonly string[]): string => words[rng.int(words.length)] ?? '';
  return Array.from({ length: count }, (_, i) =>
    i % 2 === 0
      ? ['the', pick(ANIMALS), pick(['eats', 'chews']), pick(['grass', 'meat']), pick(ANIMALS)]
      : ['the', pick(PLACES), pick(['lies', 'stands']), pick(['north', 'south']), pick(PLACES)],
  );
}

function cosine({ words, rows, width }: WordVectors, a: string, b: string): number {
  const row = (word: string): Float32Array =>
    rows.subarray(words.indexOf(word) * width, (words.indexOf(word) + 1) * width);
  const dot = (x: Float32Array, y: Float32Array): number =>
    x.reduce((sum, value, d) => sum + value * (y[d] ?? 0), 0);
  return dot(row(a), row(b)) / Math.sqrt(dot(row(a), row(a)) * dot(row(b), row(b)));
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

test.each([
  ['skip-gram', null],
  ['cbow', null],
  ['skip-gram', { shortest: 3, longest: 4, maxNgrams: 1000 }],
  ['cbow', { shortest: 3, longest: 4, maxNgrams: 1000 }],
] as const)('%s: words of like company get like vectors (subwords: %o)', async (method, subwords) => {
  const vectors = await trainWordVectors(sentences(600), {
    ...{ method, subwords, width: 20, epochs: 15, sample: 0, learningRate: 0.05 },
  });
  const within = mean(ANIMALS.slice(1).map((word) => cosine(vectors, 'cat', word)));
  const across = mean(PLACES.map((word) => cosine(vectors, 'cat', word)));
  expect(within).toBeGreaterThan(across + 0.3);
  expect(vectors.rows.every(Number.isFinite)).toBe(true);
  expect(vectors.rows.length).toBe((vectors.words.length + vectors.ngrams.size) * 20);
});

test('the same seed gives the same vectors, another seed others', async () => {
  const options = { width: 17, epochs: 2, seed: 5 };
  const [first, again] = [
    await trainWordVectors(sentences(50), options),
    await trainWordVectors(sentences(50), options),
  ];
  const other = await trainWordVectors(sentences(50), { ...options, seed: 6 });
  expect(again.rows).toEqual(first.rows);
  expect(other.rows).not.toEqual(first.rows);
});

test('progress is told to the end, and an abort stops it with its reason', async () => {
  const told: [number, number][] = [];
  await trainWordVectors(
    sentences(3000),
    { width: 8, epochs: 5 },
    { onProgress: (...at) => void told.push(at) },
  );
  expect(told.length).toBeGreaterThan(2);
  expect(told.at(-1)?.[0]).toBe(told.at(-1)?.[1]);
  const abort = new AbortController();
  const stopped = trainWordVectors(
    sentences(3000),
    { width: 8, epochs: 50 },
    {
      signal: abort.signal,
      onProgress: () => abort.abort(new Error('enough')),
    },
  );
  await expect(stopped).rejects.toThrow('enough');
});

test('too little text, or too much memory, is a clear error', async () => {
  await expect(trainWordVectors([])).rejects.toThrow(/at least two different words/);
  await expect(trainWordVectors([['one', 'one']])).rejects.toThrow(/at least two different words/);
});

test('vocabulary: most frequent first, ties by spelling, rare words left out', () => {
  const { words, counts } = buildVocabulary(
    [
      ['b', 'a', 'c'],
      ['a', 'b', 'a'],
    ],
    { minCount: 2, maxWords: 10 },
  );
  expect([words, counts]).toEqual([
    ['a', 'b'],
    [3, 2],
  ]);
});

test('n-grams of a word are marked at its ends and leave out the whole', () => {
  expect(ngramsOfWord('ab', { shortest: 2, longest: 4 })).toEqual(['<a', '<ab', 'ab', 'ab>', 'b>']);
  expect(ngramsOfWord('映画', { shortest: 3, longest: 3 })).toEqual(['<映画', '映画>']);
});

test('negatives are drawn by count to the power of 3/4, frequent words are skipped', () => {
  const table = samplingTable([16, 1]);
  expect(table.filter((word) => word === 0).length / table.length).toBeCloseTo(8 / 9, 3);
  const chances = keepChances([900, 100], 0.1);
  expect(chances[0]).toBeLessThan(chances[1] as number);
  expect(keepChances([900, 100], 0)).toEqual(Float64Array.of(1, 1));
});

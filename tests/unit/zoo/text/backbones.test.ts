import { readFile, truncate } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { prepareText } from '../../../../zoo/text/backbones/prepare.js';
import { textBackbones } from '../../../../zoo/text/backbones/registry.js';
import type { TextCard } from '../../../../zoo/text/backbones/card.js';
import {
  extractTexts,
  measureTextLatency,
  openTextExtractor,
  openTextShelf,
} from '../../../../zoo/text/features.js';
import { hashText } from '../../../../zoo/text/hash.js';
import { ngramsOfWord } from '../../../../zoo/text/vectors/subwords.js';
import { trainWordVectors } from '../../../../zoo/text/vectors/train.js';
import { wordsOf } from '../../../../zoo/text/words.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';

const LEARNT = [
  'A good film, really good',
  'bad film',
  'what a bad, bad day',
  'この映画は面白い',
  'good day',
];
const UNLABELLED = ['the film of the day', 'nothing good about a bad film', 'a long unbelievable story'];
const CORPUS = { learnt: LEARNT, unlabelled: UNLABELLED };

async function folderOfTest(): Promise<string> {
  const { path, remove } = await temporaryFolder();
  onTestFinished(remove);
  return path;
}

const card = (source: TextCard['source']): TextCard => ({ ...(textBackbones[0] as TextCard), source });

test('word vectors as a network give the mean of the vectors, plain and weighted', async () => {
  const options = { width: 8, epochs: 3, minCount: 1, seed: 2 };
  const folder = await folderOfTest();
  const installed = await prepareText(card({ kind: 'word-vectors', options }), CORPUS, folder);
  const extractor = await openTextExtractor(installed);
  const texts = ['Good film unknownword', 'bad', '', 'nothingknown'];
  const [mean, weighted] = await extractor.run(texts);
  await extractor.close();
  const vectors = await trainWordVectors([...LEARNT, ...UNLABELLED].map(wordsOf), options);
  const at = (word: string): number => vectors.words.indexOf(word);
  const total = vectors.counts.reduce((sum, count) => sum + count, 0);
  const weight = (word: string): number => 1e-3 / (1e-3 + (vectors.counts[at(word)] ?? 0) / total);
  for (let d = 0; d < 8; d++) {
    const value = (word: string): number => vectors.rows[at(word) * 8 + d] ?? NaN;
    expect(mean?.data[d]).toBeCloseTo((value('good') + value('film')) / 2, 5);
    const sum = weight('good') + weight('film');
    const expected = (value('good') * weight('good') + value('film') * weight('film')) / sum;
    expect(weighted?.data[d]).toBeCloseTo(expected, 5);
    expect(mean?.data[8 + d]).toBeCloseTo(value('bad'), 6);
    // Nothing known: nothing said, and no division by zero.
    expect(mean?.data[16 + d]).toBe(0);
    expect(weighted?.data[24 + d]).toBe(0);
  }
});

test('with subwords, an unknown word is the mean of its n-grams', async () => {
  const options = {
    width: 8,
    epochs: 3,
    minCount: 1,
    seed: 2,
    subwords: { shortest: 3, longest: 4, maxNgrams: 500 },
  };
  const installed = await prepareText(card({ kind: 'word-vectors', options }), CORPUS, await folderOfTest());
  const extractor = await openTextExtractor(installed);
  const [mean] = await extractor.run(['unbelievably good', 'good']);
  await extractor.close();
  const vectors = await trainWordVectors([...LEARNT, ...UNLABELLED].map(wordsOf), options);
  const row = (index: number): Float32Array => vectors.rows.subarray(index * 8, index * 8 + 8);
  const known = ngramsOfWord('unbelievably', options.subwords)
    .flatMap((ngram) => vectors.ngrams.get(ngram) ?? [])
    .slice(0, 24);
  expect(known.length).toBeGreaterThan(5);
  for (let d = 0; d < 8; d++) {
    const unknown =
      known.reduce((sum, at) => sum + (row(vectors.words.length + at)[d] ?? 0), 0) / known.length;
    const good = row(vectors.words.indexOf('good'))[d] ?? NaN;
    expect(mean?.data[d]).toBeCloseTo((unknown + good) / 2, 5);
    expect(mean?.data[8 + d]).toBeCloseTo(good, 6);
  }
});

test('n-grams as a network give log(1 + count) * idf, each kind of length 1', async () => {
  const installed = await prepareText(card({ kind: 'ngrams' }), CORPUS, await folderOfTest());
  const extractor = await openTextExtractor(installed);
  const [words, characters, both] = await extractor.run(['film good good', '???']);
  await extractor.close();
  const file = JSON.parse(await readFile(installed.tokenizerPath, 'utf8')) as { words: number[] };
  const idf = (within: number): number => 1 + Math.log(9 / (1 + within));
  // "good" is in 3 of 8 texts, "film" in 4; "film good" and "good good" are in no text and have no column.
  const [good, film] = [Math.log(3) * idf(3), Math.log(2) * idf(4)];
  const column = (word: string): number => words?.data[file.words.indexOf(hashText(`w:${word}`))] ?? NaN;
  expect(column('good')).toBeCloseTo(good / Math.hypot(good, film), 5);
  expect(column('film')).toBeCloseTo(film / Math.hypot(good, film), 5);
  const length = (row: Float32Array | undefined): number => Math.hypot(...(row ?? []));
  expect(length(characters?.data.subarray(0, characters.cols))).toBeCloseTo(1, 5);
  expect(length(both?.data.subarray(0, both.cols))).toBeCloseTo(Math.SQRT2, 5);
  expect(words?.data.subarray(words.cols).every((value) => value === 0)).toBe(true);
});

test.each(textBackbones.map((one) => [one.id, one] as const))(
  '%s is made once, and cached features are those of a fresh pass',
  async (_, one) => {
    const folder = await folderOfTest();
    const first = await prepareText(one, CORPUS, folder);
    let worked = false;
    const again = await prepareText(one, CORPUS, folder, { onProgress: () => (worked = true) });
    expect([again, worked]).toEqual([first, false]);
    const other = await prepareText(one, { learnt: LEARNT, unlabelled: [] }, folder);
    expect(other.modelPath).not.toBe(first.modelPath);

    const shelf = await openTextShelf(folder, first);
    const texts = LEARNT.map((text) => ({ sha256: String(hashText(text)).padStart(64, '0'), text }));
    await extractTexts({ texts, installed: first, shelf });
    const extractor = await openTextExtractor(first);
    const fresh = await extractor.run(LEARNT);
    await extractor.close();
    for (const [i, tap] of first.taps.entries()) {
      const kept = await shelf.read(
        tap.id,
        texts.map(({ sha256 }) => sha256),
      );
      expect(kept.cols).toBe(tap.channels);
      expect(kept.data).toEqual(fresh[i]?.data);
    }
    expect(await measureTextLatency(first, first.taps.slice(0, 1), { now: () => 1 })).toBe(0);
  },
);

test('what was cut short is made again', async () => {
  const folder = await folderOfTest();
  const one = textBackbones[1] as TextCard;
  const made = await prepareText(one, CORPUS, folder);
  await truncate(made.modelPath, 100);
  expect((await prepareText(one, CORPUS, folder)).sha256).toBe(made.sha256);
  await openTextExtractor(made).then((extractor) => extractor.close());
});

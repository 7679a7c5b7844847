import { expect, test } from 'vitest';
import { createRng } from '../../../../zoo/rng.js';
import {
  DEFAULT_NEAR_DUPLICATES,
  jaccard,
  NearDuplicateIndex,
  shinglesOf,
  signatureOf,
  textKey,
} from '../../../../zoo/text/near-duplicates.js';

const words = Array.from({ length: 400 }, (_, i) => `word${i}`);

function randomText(seed: number, length: number): string[] {
  const rng = createRng(seed);
  return Array.from({ length }, () => words[rng.int(words.length)] ?? '');
}

test('the key of a text does not depend on case, spaces, punctuation or the way letters are written', () => {
  expect(textKey('  The “Café”, is GOOD.\n')).toBe(textKey('the cafe\u0301 is good'));
  expect(textKey('good!')).not.toBe(textKey('good?'));
});

test('the signature estimates the common share', () => {
  const [a, b] = [randomText(1, 200), randomText(2, 200)];
  const half = [...a.slice(0, 150), ...b.slice(0, 50)];
  const [first, second] = [shinglesOf(a.join(' '), 2), shinglesOf(half.join(' '), 2)];
  const [one, two] = [signatureOf(first, 512), signatureOf(second, 512)];
  const equal = one.filter((value, row) => value === two[row]).length / 512;
  expect(Math.abs(equal - jaccard(first, second))).toBeLessThan(0.08);
});

test('finds every text of which a word was changed, and takes none for another', () => {
  const index = new NearDuplicateIndex();
  const texts = Array.from({ length: 500 }, (_, i) => randomText(i, 25));
  for (const text of texts) index.add(text.join(' '));
  texts.forEach((text, at) => {
    const changed = text.with(at % 25, 'changed').join(' ');
    expect(index.find(changed)).toMatchObject({ at });
  });
  for (let seed = 1000; seed < 1200; seed++) expect(index.find(randomText(seed, 25).join(' '))).toBeNull();
});

test('agrees with comparing every pair', () => {
  const rng = createRng('pairs');
  const texts = Array.from({ length: 150 }, (_, i) => {
    const base = randomText(i % 30, 20);
    for (let n = rng.int(6); n > 0; n--) base[rng.int(20)] = words[rng.int(400)] ?? '';
    return base.join(' ');
  });
  const index = new NearDuplicateIndex();
  const { shingle, threshold } = DEFAULT_NEAR_DUPLICATES;
  let matches = 0;
  texts.forEach((text, at) => {
    const shares = texts
      .slice(0, at)
      .map((other) => jaccard(shinglesOf(text, shingle), shinglesOf(other, shingle)));
    const best = Math.max(0, ...shares);
    const found = index.find(text);
    if (best >= threshold) matches += 1;
    expect(found?.similarity ?? 0).toBe(best >= threshold ? best : 0);
    index.add(text);
  });
  expect(matches).toBeGreaterThan(20);
});

test('short texts: one word is its own shingle', () => {
  const index = new NearDuplicateIndex();
  index.add('Great!');
  index.add('Bad.');
  expect(index.find('great !')).toEqual({ at: 0, similarity: 1 });
  expect(index.find('awful')).toBeNull();
});

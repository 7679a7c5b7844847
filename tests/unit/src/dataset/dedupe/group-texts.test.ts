import { expect, test } from 'vitest';
import { groupTexts } from '../../../../../src/dataset/dedupe/group-texts.js';

const LONG =
  'the plot is thin and the actors are dull but the music by the band saves the long last act of it all';

test('exact and near copies go to the first of their group; a text under two labels is dropped from both', () => {
  const items = [
    { id: 'a', category: 'pos', text: 'What a great film!' },
    { id: 'b', category: 'pos', text: '  what a GREAT film !' },
    { id: 'c', category: 'neg', text: LONG },
    { id: 'd', category: 'neg', text: LONG.replace('thin', 'bare') },
    { id: 'e', category: 'neg', text: 'So so.' },
    { id: 'f', category: 'pos', text: 'so so' },
    { id: 'g', category: 'neg', text: 'What a dull film!' },
  ];
  const verdicts = groupTexts(items);
  const of = (id: string) => {
    const verdict = verdicts.get(id);
    return [verdict?.keeper, verdict?.reason];
  };
  expect(of('a')).toEqual(['a', null]);
  expect(of('b')).toEqual(['a', 'exact-duplicate']);
  expect(of('c')).toEqual(['c', null]);
  expect(of('d')).toEqual(['c', 'near-duplicate']);
  expect(verdicts.get('d')?.distance).toBeGreaterThan(0);
  expect(of('e')).toEqual(['e', 'cross-category']);
  expect(of('f')).toEqual(['e', 'cross-category']);
  expect(of('g')).toEqual(['g', null]);
});

test('a third copy joins the group that the second joined', () => {
  const near = LONG.replace('thin', 'bare');
  const verdicts = groupTexts(
    [LONG, near, near].map((text, id) => ({ id: String(id), category: 'x', text })),
  );
  expect([...verdicts.values()].map(({ keeper }) => keeper)).toEqual(['0', '0', '0']);
});

import { describe, expect, it } from 'vitest';
import { phrasingsOf, pluralOf } from '../../../../crawlers/pool/queries.js';

describe('phrasingsOf', () => {
  it('asks for the plain name first, then for what was given, then for what is made up', () => {
    const all = phrasingsOf('cat', { synonyms: ['feline', 'kitty'], queries: ['Katze'] });
    expect(all.map(({ query, kind, tier }) => [tier, kind, query])).toEqual([
      [0, 'plain', 'cat'],
      [1, 'synonym', 'feline'],
      [1, 'synonym', 'kitty'],
      [1, 'given', 'Katze'],
      [2, 'plural', 'cats'],
      [2, 'context', 'cat photo'],
      [2, 'context', 'cat close-up'],
      [2, 'context', 'cat outdoors'],
    ]);
  });

  it('names each query once, however it is written', () => {
    const all = phrasingsOf('Red  Panda', {
      synonyms: ['red panda', ' RED PANDAS '],
      queries: ['', 'ＲＥＤ panda'],
    });
    expect(all.map(({ query }) => query).filter((query) => /^red pandas?$/i.test(query))).toEqual([
      'Red Panda',
      'RED PANDAS',
    ]);
  });

  it('makes nothing up when it may not', () => {
    expect(phrasingsOf('cat', { synonyms: ['kitty'], invent: false }).map(({ query }) => query)).toEqual([
      'cat',
      'kitty',
    ]);
  });
});

describe('pluralOf', () => {
  it.each([
    ['cat', 'cats'],
    ['box', 'boxes'],
    ['bus', 'buses'],
    ['glass', 'glasses'],
    ['berry', 'berries'],
    ['toy', 'toys'],
    ['fire truck', 'fire trucks'],
    ['polar wolf', 'polar wolves'],
    ['mouse', 'mice'],
    ['sheep', null],
    ['scissors', null],
    ['Käse', null],
    ['猫', null],
    ['F-16', null],
  ])('%s: %s', (name, plural) => {
    expect(pluralOf(name)).toBe(plural);
  });
});

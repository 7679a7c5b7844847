import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyDecisions,
  type Decision,
  type DedupedPicture,
} from '../../../../../src/dataset/curate/apply-decisions.js';
import { findWrongQueries, judge, type Doubt } from '../../../../../src/dataset/curate/judge.js';
import { DEFAULT_CURATE } from '../../../../../src/dataset/curate/settings.js';

const picture = (id: string, facts: Partial<DedupedPicture> = {}): DedupedPicture => ({
  candidateId: id,
  categoryId: 'cat',
  sha256: `sha-${id}`,
  groupKey: `sha-${id}`,
  reason: null,
  provider: 'web',
  query: 'cat',
  own: false,
  ...facts,
});
const decided = (...all: Decision[]): Map<string, Decision> => new Map(all.map((one) => [one.sha256, one]));
const doubt = (id: string, suspicion = 0.9, margin = suspicion): Doubt => ({
  id,
  kind: 'likely-mislabelled',
  suggestion: 1,
  margin,
  suspicion,
});
const many = (count: number, facts: Partial<DedupedPicture> = {}) =>
  applyDecisions(
    Array.from({ length: count }, (_, i) => picture(String(i), facts)),
    new Map(),
  );

describe('decisions of a person', () => {
  it('drop, move, and keep', () => {
    const [a, b, c] = applyDecisions(
      [picture('a'), picture('b'), picture('c')],
      decided(
        { sha256: 'sha-a', action: 'drop', categoryId: null },
        { sha256: 'sha-b', action: 'move', categoryId: 'dog' },
        { sha256: 'sha-c', action: 'keep', categoryId: null },
      ),
    );
    expect(a).toMatchObject({ dropped: 'excluded-by-user', decision: 'drop' });
    expect(b).toMatchObject({ dropped: null, categoryId: 'dog', foundUnder: 'cat' });
    expect(c).toMatchObject({ dropped: null, categoryId: 'cat', decision: 'keep' });
  });

  it('bring back one copy of a picture found under two categories, where they say', () => {
    const shared = { groupKey: 'g', reason: 'cross-category' };
    const copies = [
      picture('big', { ...shared, categoryId: 'cat' }),
      picture('small', { ...shared, categoryId: 'dog' }),
      picture('twin', { ...shared, categoryId: 'dog', sha256: 'sha-big' }),
    ];
    expect(applyDecisions(copies, new Map())).toEqual([]);
    const say = (sha256: string, action: Decision['action'], categoryId: string | null) =>
      applyDecisions(copies, decided({ sha256, action, categoryId })).map((one) => [
        one.candidateId,
        one.categoryId,
        one.dropped,
      ]);
    expect(say('sha-big', 'keep', 'cat')).toEqual([['big', 'cat', null]]);
    expect(say('sha-big', 'keep', 'dog')).toEqual([['twin', 'dog', null]]);
    expect(say('sha-small', 'move', 'cat')).toEqual([['small', 'cat', null]]);
    expect(say('sha-small', 'drop', null)).toEqual([['small', 'dog', 'excluded-by-user']]);
  });
});

describe('judging', () => {
  it('drops the surest and queues the others', () => {
    const judged = judge(many(30), [doubt('1'), doubt('2', 0.2)], 'drop', DEFAULT_CURATE);
    expect(judged.filter(({ reason }) => reason !== null).map((one) => one.picture.candidateId)).toEqual([
      '1',
    ]);
    expect(judged.filter((one) => one.doubt !== null)).toHaveLength(2);
  });

  it.each([
    ['small categories', many(14), 'drop'],
    ['own pictures', many(30, { own: true }), 'drop'],
    ['anything in mode queue', many(30), 'queue'],
  ] as const)('never drops %s', (_, pictures, mode) => {
    const doubts = pictures.map(({ candidateId }) => doubt(candidateId));
    expect(judge(pictures, doubts, mode, DEFAULT_CURATE).every(({ reason }) => reason === null)).toBe(true);
  });

  it('does not doubt what a person has decided', () => {
    const keep: Decision = { sha256: 'sha-1', action: 'keep', categoryId: null };
    const pictures = applyDecisions(
      Array.from({ length: 30 }, (_, i) => picture(String(i))),
      decided(keep),
    );
    const [, one] = judge(pictures, [doubt('1')], 'drop', DEFAULT_CURATE);
    expect(one).toMatchObject({ doubt: null, reason: null });
  });

  it('leaves half of every category, whatever is doubted', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
        (n, sure) => {
          const doubts = sure.slice(0, n).map((suspicion, i) => doubt(String(i), suspicion));
          const kept = judge(many(n), doubts, 'drop', DEFAULT_CURATE).filter(({ reason }) => reason === null);
          expect(kept.length).toBeGreaterThanOrEqual(n < DEFAULT_CURATE.minPictures ? n : n / 2);
        },
      ),
    );
  });

  it('names a query whose pictures are mostly wrong', () => {
    const good = Array.from({ length: 10 }, (_, i) => picture(`g${i}`));
    const bad = Array.from({ length: 10 }, (_, i) => picture(`b${i}`, { query: 'cats musical' }));
    const doubts = bad.slice(0, 6).map(({ candidateId }) => doubt(candidateId, 0.1));
    const judged = judge(applyDecisions([...good, ...bad], new Map()), doubts, 'drop', DEFAULT_CURATE);
    expect(findWrongQueries(judged, new Map([['cat', 'Cat']]), DEFAULT_CURATE)).toEqual([
      { category: 'Cat', provider: 'web', query: 'cats musical', pictures: 10, wrong: 6 },
    ]);
  });
});

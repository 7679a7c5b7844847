import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policySchema, type Policy } from '../../../../src/http/api.js';
import { judge, type Side } from '../../../../src/retraining/verdict.js';

const side = (correct: readonly number[], facts: Partial<Side> = {}): Side => ({
  modelId: 'm',
  version: 1,
  backbone: 'b',
  bytes: 1000,
  latencyMs: 5,
  correct,
  ...facts,
});
const policy = (facts: Partial<Policy> = {}): Policy => policySchema.parse(facts);
const right = (count: number, of: number): number[] =>
  Array.from({ length: of }, (_, i) => (i < count ? 1 : 0));

describe('the verdict on a challenger', () => {
  it('is a win for one that is surely better, with the numbers', () => {
    const verdict = judge(side(right(10, 24)), side(right(24, 24)), policy({ margin: 0.1 }), 1);
    expect(verdict).toMatchObject({ wins: true, onlyChallenger: 14, onlyChampion: 0, pictures: 24 });
    expect(verdict.reasons[0]).toContain('gains 58.3 points on 24 held-out examples');
  });

  it.each([
    ['not more accurate', right(20, 24), {}],
    ['luck', right(22, 24), {}],
    ['margin', right(24, 24), { margin: 0.5 }],
    ['more than 4 ms', right(24, 24), { maxLatencyMs: 4 }],
    ['more than 999', right(24, 24), { maxBytes: 999 }],
  ])('is a refusal that names: %s', (words, correct, facts) => {
    const champion = side(words === 'luck' || words.startsWith('not') ? right(20, 24) : right(14, 24));
    const verdict = judge(champion, side(correct), policy(facts), 1);
    expect(verdict.wins).toBe(false);
    expect(verdict.reasons.join()).toContain(words);
  });

  it('never lets an equal or a worse one win', () => {
    const pair = fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(pair, (rows) => {
        const [old, fresh] = [rows.map(([a]) => Number(a)), rows.map(([, b]) => Number(b))];
        const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
        const verdict = judge(side(old), side(fresh), policy(), 1);
        if (verdict.wins) expect(sum(fresh)).toBeGreaterThan(sum(old));
      }),
    );
  });
});

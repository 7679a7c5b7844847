import { expect, it } from 'vitest';
import { createFormat } from '../../../web/src/lib/format';

it('writes large numbers with the prefix of a unit, in any language', () => {
  const { prefixed } = createFormat('en');
  expect([0, 850, 5_123, 571_400_000, 12_340_000_000, 2e16].map(prefixed)).toEqual([
    ...['0', '850', '5.12 k', '571 M', '12.3 G', '20,000 T'],
  ]);
  expect(createFormat('ja').prefixed(1_500_000)).toBe('1.5 M');
});

it('writes a difference of shares in points, with its sign', () => {
  const { signedPoints } = createFormat('en');
  expect([0.0123, -0.004, 0].map(signedPoints)).toEqual(['+1.2', '−0.4', '+0.0']);
});

import { describe, expect, test } from 'vitest';
import { collectLimits } from '../../../../src/cli/inspect-options.js';

describe('--inspect', () => {
  test('collects limits, the last word counting', () => {
    const first = collectLimits('minSidePixels=64,maxAspect=3');
    expect(collectLimits('maxAspect=2.5', first)).toEqual({ minSidePixels: 64, maxAspect: 2.5 });
  });

  test.each(['minSidePixels', 'minSidePixels=', '=3', 'minSidePixels=-1', 'minSidePixels=big', 'nothing=3'])(
    'refuses %j, naming the limits and their defaults',
    (raw) => {
      expect(() => collectLimits(raw)).toThrow(/minSidePixels=32.*maxUnsafe=0\.7/);
    },
  );
});

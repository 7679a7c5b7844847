import { expect, it } from 'vitest';
import { wantedNow } from '../../../../src/collect/wanted.js';

it.each([
  [
    'asks for a little more than the target at first',
    { target: 60, kept: 0, foundBefore: 0, foundNow: 0 },
    69,
  ],
  ['goes on after a restart', { target: 60, kept: 0, foundBefore: 0, foundNow: 50 }, 19],
  ['asks by the share that was kept', { target: 60, kept: 30, foundBefore: 60, foundNow: 0 }, 63],
  ['expects no miracle where nothing was kept', { target: 60, kept: 0, foundBefore: 60, foundNow: 0 }, 630],
  ['asks for nothing once there is enough', { target: 60, kept: 60, foundBefore: 69, foundNow: 0 }, 0],
  ['never asks for less than nothing', { target: 60, kept: 59, foundBefore: 69, foundNow: 99 }, 0],
])('%s', (_what, standing, wanted) => {
  expect(wantedNow(standing)).toBe(wanted);
});

import { describe, expect, test } from 'vitest';
import { bestAtLastTap, renderCounts, renderReport } from '../../../../../src/cli/render/report.js';
import { aReport, aSelection, aTrial } from '../samples.js';

const middle = aTrial('block-07', 0.95, 600_000);
const last = aTrial('block-16', 0.78, 2_200_000);
const lastToo = aTrial('block-16', 0.8, 2_200_000, { head: 'logistic' });
const other = aTrial('block-99', 0.7, 9_000_000, { backbone: 'inception' });
const extras = { packageDir: './model', next: ['npx graft predict --package ./model PICTURE...'] };

describe('last tap', () => {
  test('the best trial at the deepest tap of the same backbone', () => {
    expect(bestAtLastTap(aReport([last, lastToo, middle, other], middle))).toBe(lastToo);
  });

  test('the report tells what truncation gained', () => {
    expect(renderReport(aReport([last, lastToo, middle], middle), extras)).toContain(
      'Last tap: mobile read at its end (block-16, logistic) gives 80.0 % validation accuracy; the chosen tap is 15.0 points better.',
    );
  });

  test('it says so when the last tap won, and when it was better but dearer', () => {
    expect(renderReport(aReport([middle, last], last), extras)).toContain(
      'the chosen model reads mobile at its end (block-16)',
    );
    const dear = aTrial('block-16', 0.96, 2_200_000);
    expect(renderReport(aReport([middle, dear], middle), extras)).toContain(
      'the chosen tap is 1.0 points worse, but cheaper',
    );
  });
});

test('counts are listed by reason, most frequent first, and add up', () => {
  const rows = renderCounts(aReport([middle], middle))
    .split('\n')
    .slice(2)
    .map((line) => line.trim().split(/\s+/));
  expect(rows).toEqual([
    ['found', '240'],
    ['fetched', '220'],
    ['kept', '200'],
    ['dropped', '40'],
    ['near-duplicate', '20'],
    ['corrupt', '11'],
    ['http-404', '9'],
  ]);
});

test('the report ends with test accuracy, split, package and the next command', () => {
  const text = renderReport(aReport([middle, last], middle), extras);
  expect(text).toContain(
    'Chosen: mobile, tap block-07, head ridge (strength=1): 500 weights trained of 601 k.',
  );
  expect(text).toContain(
    'Test accuracy: 92.5 % (95 % interval 80.1–97.4 %) on 40 pictures that no trial has seen.',
  );
  expect(text).toContain('Split: 128 train, 32 validation, 40 test.');
  expect(text.split('\n').slice(-3)).toEqual([
    'Package: ./model',
    'Next:',
    '  npx graft predict --package ./model PICTURE...',
  ]);
});

test('the report tells how far the choice can be believed', () => {
  const report = aReport([middle, last], middle);
  const text = renderReport(
    {
      ...report,
      selection: aSelection({
        optimism: { trials: 2, estimate: 0.012, corrected: 0.938, interval: [0.9, 0.96], resamples: 200 },
        comparisons: [
          {
            ...{ rival: 'last-tap', backbone: 'mobile', tap: 'block-16', head: 'ridge', params: {} },
            ...{ difference: 0.17, interval: [0.1, 0.24], onlyChosen: 30, onlyRival: 3, pValue: 0.0001 },
          },
        ],
        unknown: { below: 0.61, rightBelow: 0.047, wrongBelow: 0.6 },
        droppedBackbones: [{ backbone: 'big', reason: 'Too slow.' }],
        leftOut: ['The time limit left no time for the floor of random weights.'],
      }),
    },
    extras,
  );
  expect(text).toContain(
    'Optimism: the best of 2 trials looks about +1.2 points too good; corrected validation accuracy 93.8 %',
  );
  expect(text).toContain(
    'Against its own last tap (mobile, block-16, ridge): +17.0 points (95 % interval +10.0 to +24.0)',
  );
  expect(text).toContain('they can be told apart');
  expect(text).toContain('below a confidence of 0.610 the answer should be "unknown"');
  expect(text).toContain('Dropped early: big. Too slow.');
});

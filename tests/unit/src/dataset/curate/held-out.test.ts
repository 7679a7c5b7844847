import { describe, expect, it } from 'vitest';
import { hearWitnesses, tapsToTry, type Onlooker } from '../../../../../src/dataset/curate/held-out.js';
import { onlookersOf, ONLOOKERS } from '../../../../../src/dataset/curate/onlookers.js';
import { createRng, type Matrix, type Tap } from '../../../../../zoo/index.js';

const ROWS = 60;
const labels = Int32Array.from({ length: ROWS }, (_, i) => i % 3);

const tap = (id: string): Tap => ({
  id,
  index: 0,
  kind: 'wide',
  depth: 0.9,
  channels: 8,
  tensor: id,
  layout: 'vector',
  params: 0,
  bytes: 0,
  flops: 0,
});

/** Features that tell the classes apart as well as `clarity` says. */
function features(seed: string, clarity: number): Matrix {
  const rng = createRng(seed);
  const data = Float32Array.from({ length: ROWS * 8 }, (_, at) => {
    const own = at % 8 === labels[Math.floor(at / 8)] ? clarity : 0;
    return own + rng.normal();
  });
  return { rows: ROWS, cols: 8, data };
}

const onlooker = (backbone: string, clarity: number): Onlooker => ({
  backbone,
  taps: Array.from({ length: 6 }, (_, i) => tap(`${i}`)),
  load: (id) => Promise.resolve(features(`${backbone}/${id}`, clarity)),
});

describe('the witnesses', () => {
  it('are the better half of the taps of all backbones, best first', async () => {
    const progress: number[][] = [];
    const heard = await hearWitnesses([onlooker('blind', 0), onlooker('sharp', 4)], labels, 3, (...step) =>
      progress.push(step),
    );
    expect(heard).toHaveLength(6);
    expect(new Set(heard.map(({ backbone }) => backbone))).toEqual(new Set(['sharp']));
    const accuracies = heard.map(({ accuracy }) => accuracy);
    expect(accuracies).toEqual([...accuracies].sort((a, b) => b - a));
    expect(progress.at(-1)).toEqual([11, 12]);
  });

  it('are all taps of the only backbone', async () => {
    const one = onlooker('only', 2);
    expect(await hearWitnesses([one], labels, 3)).toHaveLength(tapsToTry(one.taps).length);
  });
});

describe('the backbones that look', () => {
  it('are of the run, the cheap ones first, and few', () => {
    expect(onlookersOf(['b', 'human-movenet', 'a'])).toEqual(['human-movenet', 'b', 'a']);
    expect(onlookersOf(['x', 'y', 'z', ...[...ONLOOKERS].reverse()])).toEqual([...ONLOOKERS]);
    expect(onlookersOf(['only'])).toEqual(['only']);
  });
});

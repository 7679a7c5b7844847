import { describe, expect, test } from 'vitest';
import { renderLeaderboard } from '../../../../../src/cli/render/leaderboard.js';
import { aReport, aSelection, aTrial } from '../samples.js';

const middle = aTrial('block-07', 0.95, 600_000);
const last = aTrial('block-16', 0.78, 2_200_000);
const other = aTrial('block-99', 0.7, 9_000_000, { backbone: 'inception' });

describe('leaderboard', () => {
  test('best first, the chosen one starred, intervals and costs beside', () => {
    const lines = renderLeaderboard(aReport([last, other, middle], middle)).split('\n');
    expect(lines[0]).toBe(
      'Leaderboard (3 of 3 trials, best validation accuracy first; ops: operations, and time, for a picture)',
    );
    expect(lines[4]).toMatch(
      /^\* 1 +mobile +block-07 +ridge 1 +95\.0 % \(90\.0–98\.0\) +500 +601 k +600 M +7\.0 ms +2\.4 MB$/,
    );
    expect(lines[5]).toMatch(/^ +2 +mobile +block-16 .*78\.0 %/);
    expect(lines.at(-1)).toBe('* chosen');
  });

  test('ten rows, and the chosen one below them with the reason', () => {
    const many = Array.from({ length: 15 }, (_, i) => aTrial(`block-${i}`, 0.9 - i / 1000, 5_000_000 - i));
    const chosen = many[12];
    if (!chosen) throw new Error('too few trials');
    const text = renderLeaderboard(aReport(many, chosen));
    expect(text).toContain('Leaderboard (10 of 15 trials');
    expect(text).toMatch(/^\* 13 .*block-12/m);
    expect(text).not.toMatch(/block-11/);
    expect(text).toMatch(/\* chosen: it ties with the best within the noise, and is cheaper$/);
  });

  test('heads stand with their main settings', () => {
    const mlp = { ...last, head: 'mlp', params: { hidden: 256, layers: 2, dropout: 0.3 } };
    const logistic = { ...middle, head: 'logistic', params: { strength: 0.003 } };
    const text = renderLeaderboard(aReport([mlp, logistic], mlp));
    expect(text).toContain('mlp 256x2  ');
    expect(text).toContain('logistic 0.003  ');
  });

  test('an ensemble is named by its surest member, so that the table stays narrow', () => {
    const together = {
      ...aTrial('net@crop299/block-1+net@crop299/block-2+other/wide-3', 0.9, 10),
      backbone: 'net@crop299+other',
    };
    expect(renderLeaderboard(aReport([together], together))).toMatch(
      /^\* 1 +net@crop299 \+1 +3 taps +ridge/m,
    );
  });

  test('the longest of everything fits into 120 cells; marks stand before the place', () => {
    const joined = {
      ...aTrial('wide-12-gem+block-13+block-14-gem', 0.961, 1, {
        backbone: 'human-centernet@own-mirror-centre',
      }),
      ...{ head: 'logistic', params: { strength: 0.00003 }, pareto: true },
      cost: { trainableParams: 29_000, totalParams: 11e6, latencyMs: 1074.6, flops: 2.34e9, bytes: 4.3e6 },
    };
    const lines = renderLeaderboard(aReport([joined], joined)).split('\n');
    expect(lines[4]).toBe(
      '*◇ 1  human-centernet@ow…  block-14-gem +2  logistic 3e-5  96.1 % (91.1–99.1)     29 k     11 M  2.3 G  1075 ms  4.3 MB',
    );
    expect(lines[4]?.length).toBeLessThanOrEqual(120);
    expect(lines.slice(6)).toEqual([
      expect.stringContaining('on the Pareto front'),
      '+N: and N others, read side by side',
    ]);
  });

  test('what an older run did not keep is a dash', () => {
    const cost = { ...middle.cost, flops: null, latencyMs: null, bytes: null };
    expect(renderLeaderboard(aReport([{ ...middle, cost }], middle)).split('\n')[4]).toMatch(
      /601 k +– +– +–$/,
    );
  });

  test('one backbone in place of several says that these do not pay', () => {
    const together = { ...aTrial('net/block-1+other/wide-3', 0.96, 10), backbone: 'net+other' };
    expect(renderLeaderboard(aReport([together, middle], middle))).toMatch(
      /^\* chosen: several backbones together are not surely better, and cost more$/m,
    );
    const asked = renderLeaderboard(
      aReport([{ ...together, tap: 'net/block-2+other/wide-3' }, together], together),
    );
    expect(asked).not.toContain('not surely better');
  });

  test('among equals the one with fewer weights leads', () => {
    const small = aTrial('block-01', 0.95, 1000);
    expect(renderLeaderboard(aReport([middle, small], small)).split('\n')[4]).toMatch(/\* 1 .*block-01/);
  });

  test('the floor stands below the others, marked, with its accuracies and no costs', () => {
    const score = (accuracy: number) => ({
      accuracy,
      interval: [0.35, 0.55] as [number, number],
      count: 160,
    });
    const selection = aSelection({
      floor: [
        { kind: 'random-weights', backbone: 'random-mobile', tap: 'block-03', validation: score(0.41) },
        { kind: 'majority-class', backbone: null, tap: null, validation: score(0.5) },
      ],
    });
    const many = Array.from({ length: 15 }, (_, i) => aTrial(`block-${i}`, 0.4 - i / 1000, 5_000_000 - i));
    const text = renderLeaderboard({ ...aReport(many, many[12] ?? middle), selection });
    const lines = text.split('\n');
    expect(lines.slice(14, 17).map((line) => line.trim().split(/ {2,}/))).toEqual([
      expect.arrayContaining(['* 13', 'block-12']),
      ['floor', 'random weights', 'block-03', '–', '41.0 % (35.0–55.0)', '–', '–', '–', '–', '–'],
      ['floor', 'majority guess', '–', '–', '50.0 % (35.0–55.0)', '–', '–', '–', '–', '–'],
    ]);
    expect(lines.at(-1)).toBe(
      'floor: what needs no pretrained network: random weights (random-mobile); always the most frequent category',
    );
  });

  test('a run that kept no floor has no row for it', () => {
    expect(renderLeaderboard(aReport([middle], middle))).not.toContain('floor');
  });
});

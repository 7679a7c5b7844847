import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { Terminal } from '../../../../../src/cli/output.js';
import { createProgress, type ProgressTask } from '../../../../../src/cli/render/progress.js';
import { liveLine } from '../../../../../src/cli/render/progress-line.js';
import { createRateMeter } from '../../../../../src/cli/render/rate-meter.js';
import { displayWidth } from '../../../../../src/cli/render/table.js';

function fakeTerminal(facts: Partial<Terminal> = {}): { terminal: Terminal; text: () => string } {
  let written = '';
  const sink = new Writable({
    write(chunk, _encoding, done) {
      written += String(chunk);
      done();
    },
  });
  return { terminal: Object.assign(sink, facts), text: () => written };
}

const task = (facts: Partial<ProgressTask>): ProgressTask => ({
  id: 'fetch',
  label: 'fetch',
  state: 'running',
  done: 0,
  total: 100,
  note: null,
  elapsedMs: 0,
  ...facts,
});

describe('rate meter', () => {
  test('says nothing until it can tell, then the speed of the last stretch', () => {
    const meter = createRateMeter();
    meter.observe(0, 99, 0);
    meter.observe(5, 99, 100);
    expect(meter.perSecond()).toBeNull();
    meter.observe(10, 99, 1000);
    expect(meter.perSecond()).toBeCloseTo(10);
    for (let second = 2; second <= 60; second++) meter.observe(10 + second, 99, second * 1000);
    expect(meter.perSecond()).toBeCloseTo(1);
  });

  test('one item says nothing: the first is often the slowest', () => {
    const meter = createRateMeter();
    meter.observe(0, 63, 0);
    meter.observe(1, 63, 18_000);
    expect(meter.perSecond()).toBeNull();
  });

  test.each([
    ['another round', 0, 100],
    ['another total', 120, 200],
  ])('%s starts over', (_why, done, total) => {
    const meter = createRateMeter();
    meter.observe(0, 100, 0);
    meter.observe(100, 100, 1000);
    meter.observe(done, total, 2000);
    expect(meter.perSecond()).toBeNull();
    meter.observe(done + 2, total, 4000);
    expect(meter.perSecond()).toBeCloseTo(1);
  });
});

describe('a live line', () => {
  test('has bar, count, rate and time left', () => {
    const line = liveLine(task({ done: 25, note: '3 hosts' }), 5, 100, 0);
    expect(line).toContain('━'.repeat(6) + '─'.repeat(18));
    expect(line).toMatch(/fetch .* 25\/100 {2}5\.0\/s {2}15 s left {2}3 hosts$/);
  });

  test('never wraps', () => {
    expect(displayWidth(liveLine(task({ done: 25, note: 'a very long note '.repeat(9) }), 5, 60, 0))).toBe(
      60,
    );
  });

  test('shows time spent where no total is known, and a summary when done', () => {
    expect(liveLine(task({ total: 0, elapsedMs: 4200 }), null, 80, 0)).toMatch(/fetch +4\.2 s$/);
    expect(liveLine(task({ state: 'done', done: 100, elapsedMs: 10_000 }), 1, 80, 0)).toBe(
      '✔ fetch      100 in 10 s  10/s',
    );
    expect(liveLine(task({ state: 'pending' }), null, 80, 0)).toBe('· fetch');
    expect(liveLine(task({ state: 'failed', elapsedMs: 900 }), null, 80, 0)).toMatch(/^✖ fetch/);
  });
});

describe('progress without a terminal', () => {
  test('a line every five seconds and one at the end, no control sequences', () => {
    const { terminal, text } = fakeTerminal();
    let nowMs = 0;
    const progress = createProgress(terminal, () => nowMs);
    for (; nowMs <= 12_000; nowMs += 1000) progress.update([task({ done: nowMs / 1000 })]);
    progress.update([task({ state: 'done', done: 100, elapsedMs: 12_000 })]);
    progress.update([task({ state: 'done', done: 100, elapsedMs: 12_000 })]);
    progress.close();
    expect(text().split('\n')).toEqual([
      'fetch: 5/100 (5 %), 1.0/s, 1 min 35 s left',
      'fetch: 10/100 (10 %), 1.0/s, 1 min 30 s left',
      'fetch: done, 100 in 12 s, 8.3/s',
      '',
    ]);
  });

  test('a stage that waited long for its turn is not told the moment it starts', () => {
    const { terminal, text } = fakeTerminal();
    let nowMs = 0;
    const progress = createProgress(terminal, () => nowMs);
    progress.update([task({ state: 'pending' })]);
    nowMs = 60_000;
    progress.update([task({ state: 'running' })]);
    expect(text()).toBe('');
  });

  test('a stage that goes another round is told again', () => {
    const { terminal, text } = fakeTerminal();
    const progress = createProgress(terminal, () => 0);
    progress.update([task({ state: 'done', done: 3 })]);
    progress.update([task({ state: 'running', done: 3 })]);
    progress.update([task({ state: 'done', done: 8 })]);
    expect(text().match(/fetch: done/g)).toHaveLength(2);
  });
});

describe('progress on a terminal', () => {
  test('redraws its block in place, lets remarks through, and leaves the last state', () => {
    const { terminal, text } = fakeTerminal({ isTTY: true, columns: 70 });
    const progress = createProgress(terminal, () => 0);
    progress.update([task({ id: 'a', label: 'a' }), task({ id: 'b', label: 'b', state: 'pending' })]);
    progress.note('a remark');
    progress.update([task({ id: 'a', label: 'a', state: 'done', done: 100, elapsedMs: 5000 })]);
    progress.close();
    progress.close();
    const [, afterNote] = text().split('a remark\n');
    // The block of two lines is drawn below the remark, then written over: two lines up, cleared, drawn again.
    expect(afterNote).toMatch(/^\r.*⠋ a.*\n· b\n.\[2A\r.\[0J✔ a +100 in 5\.0 s.*\n· b\n$/s);
  });
});

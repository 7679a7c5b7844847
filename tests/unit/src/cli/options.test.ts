import { InvalidArgumentError } from 'commander';
import { describe, expect, test } from 'vitest';
import {
  collectList,
  parseDuration,
  parseImages,
  parseLatency,
  parseMegabytes,
  parsePort,
  parseSeed,
} from '../../../../src/cli/options.js';

describe('parseDuration', () => {
  test.each([
    ['90s', 90_000],
    ['10m', 600_000],
    ['1h', 3_600_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['1500ms', 1500],
    [' 2M ', 120_000],
  ])('%s is %i ms', (raw, expected) => {
    expect(parseDuration(raw)).toBe(expected);
  });

  test.each(['', '10', 'm', '10 m', '-5m', '10x', '1h30', '5m!', '1e3s', 'soon'])(
    'refuses %j, naming the form',
    (raw) => {
      expect(() => parseDuration(raw)).toThrow(/90s, 10m, 1h/);
    },
  );

  test.each(['0s', '999ms', '0h0m'])('refuses %s: less than a second', (raw) => {
    expect(() => parseDuration(raw)).toThrow(/at least one second/);
  });
});

describe('numbers', () => {
  test('bounds are included', () => {
    expect(parseSeed('0')).toBe(0);
    expect(parseSeed('4294967295')).toBe(0xffffffff);
    expect(parseImages('4')).toBe(4);
    expect(parsePort('65535')).toBe(65_535);
  });

  test.each(['-1', '1.5', '', ' ', '0x10', '1e3', 'ten', '4294967296'])('a seed is not %j', (raw) => {
    expect(() => parseSeed(raw)).toThrow(InvalidArgumentError);
  });

  test('the message tells the bounds', () => {
    expect(() => parseImages('3')).toThrow(/from 4 to 10000/);
  });
});

describe('collectList', () => {
  test('adds up commas and repetitions, each value once', () => {
    expect(
      collectList('wikimedia-commons', collectList('gallery, openverse', collectList('gallery'))),
    ).toEqual(['gallery', 'openverse', 'wikimedia-commons']);
  });

  test.each(['', 'a,', ',a', 'a,,b', ' '])('refuses the empty entry in %j', (raw) => {
    expect(() => collectList(raw)).toThrow(/no empty entries/);
  });
});

describe('caps', () => {
  test('are numbers above zero, with or without a fraction', () => {
    expect(parseLatency('2.5')).toBe(2.5);
    expect(parseMegabytes(' 3 ')).toBe(3);
  });

  test.each(['0', '-1', '5ms', '', '1e3', '60001'])('refuses %j', (raw) => {
    expect(() => parseLatency(raw)).toThrow(/milliseconds is a number above 0, up to 60000/);
  });
});

import { describe, expect, it } from 'vitest';
import { PLANTS, PLANT_SHARES, isCopy, plantFor } from '../../../../src/gallery/plants.js';

const NAMES = Array.from({ length: 20_000 }, (_, i) => `icon-${i}`);

describe('plantFor', () => {
  const planted = NAMES.map((name) => plantFor(3, 'set', name));
  const copies = planted.filter((plant) => plant !== null && isCopy(plant)).length;
  const results = NAMES.length + copies;

  it.each(PLANTS)('gives %s its share of all results', (plant) => {
    const share = planted.filter((found) => found === plant).length / results;
    // Four standard deviations of a share of 5 % among 20 000.
    expect(Math.abs(share - PLANT_SHARES[plant])).toBeLessThan(0.0062);
  });

  it('leaves most alone', () => {
    expect(planted.filter((plant) => plant === null).length / NAMES.length).toBeGreaterThan(0.75);
  });

  it('decides by set, name and seed', () => {
    expect(NAMES.map((name) => plantFor(3, 'set', name))).toEqual(planted);
    expect(NAMES.map((name) => plantFor(4, 'set', name))).not.toEqual(planted);
    expect(NAMES.map((name) => plantFor(3, 'other', name))).not.toEqual(planted);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  inKeeperOrder,
  licenceRank,
  type KeeperFacts,
} from '../../../../../src/dataset/dedupe/keeper-order.js';

const copy: KeeperFacts = { id: 'm', width: 800, height: 600, bytes: 100_000, format: 'jpeg' };
const best = (...items: KeeperFacts[]): string | undefined => inKeeperOrder(items)[0]?.id;

describe('inKeeperOrder', () => {
  it('takes the largest, whatever its quality and licence', () => {
    const small = { ...copy, id: 'a', width: 400, height: 300, licence: 'CC0-1.0' };
    expect(best(small, { ...copy, bytes: 20_000 })).toBe('m');
  });

  it('does not count a border as size', () => {
    expect(best({ ...copy, id: 'framed', width: 1200, height: 900, contentShare: 0.4 }, copy)).toBe('m');
  });

  it('takes the better quality of one size, and the better licence of one quality', () => {
    expect(best({ ...copy, id: 'a', bytes: 25_000, licence: 'CC0-1.0' }, copy)).toBe('m');
    expect(best(copy, { ...copy, id: 'z', bytes: 96_000, licence: 'CC-BY-4.0' })).toBe('z');
  });

  it('knows that a byte of WebP is worth more than one of PNG', () => {
    const webp = { ...copy, id: 'webp', format: 'webp', bytes: 100_000 };
    expect(best({ ...copy, id: 'png', format: 'png', bytes: 120_000 }, webp)).toBe('webp');
  });

  it('orders licences by what they let one do', () => {
    const names = ['CC0-1.0', 'CC-BY-4.0', 'CC-BY-SA-4.0', 'CC-BY-NC-4.0', null];
    expect(names.map(licenceRank)).toEqual([0, 1, 2, 3, 4]);
    expect(
      ['Public Domain', 'cc by 2.0', 'CC BY-SA 3.0', 'All rights reserved', ' '].map(licenceRank),
    ).toEqual([0, 1, 2, 3, 4]);
  });

  it('is one order for any input order', () => {
    const facts = fc.record({
      width: fc.integer({ min: 1, max: 4000 }),
      height: fc.integer({ min: 1, max: 4000 }),
      bytes: fc.integer({ min: 1, max: 1e6 }),
      format: fc.constantFrom('jpeg', 'webp', 'png'),
      licence: fc.constantFrom('CC0-1.0', 'CC-BY-4.0', null),
    });
    fc.assert(
      fc.property(fc.array(facts, { minLength: 2, maxLength: 12 }), fc.nat(), (list, turn) => {
        const items = list.map((item, i) => ({ ...item, id: `${i}` }));
        const at = turn % items.length;
        const rotated = [...items.slice(at), ...items.slice(0, at)].reverse();
        expect(inKeeperOrder(rotated)).toEqual(inKeeperOrder(items));
      }),
    );
  });
});

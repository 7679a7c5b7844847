import { beforeAll, describe, expect, it } from 'vitest';
import { readCatalogue, type Picture } from '../../../../src/gallery/catalogue.js';
import { findPictures } from '../../../../src/gallery/find.js';
import { ICON_SET_IDS } from '../../../../src/gallery/icon-sets.js';

let catalogue: readonly Picture[];

beforeAll(async () => {
  catalogue = await readCatalogue();
});

const iconsFor = (query: string): string[] =>
  findPictures(catalogue, query).map(({ set, icon }) => `${set}:${icon}`);

describe('findPictures', () => {
  it('finds what emojilib files under a keyword in every set', () => {
    const found = findPictures(catalogue, 'fruit');
    expect(new Set(found.map(({ set }) => set))).toEqual(new Set(ICON_SET_IDS));
    expect(found.map(({ icon }) => icon)).toEqual(
      expect.arrayContaining(['red-apple', 'redapple', 'banana']),
    );
  });

  it('finds wrong ones too, since a keyword is not a caption', () => {
    expect(iconsFor('drink')).toContain('twemoji:no-one-under-eighteen');
  });

  it('takes a plural as its singular', () => {
    expect(iconsFor('vehicles')).toEqual(iconsFor('vehicle'));
    expect(iconsFor('mice')).toEqual(iconsFor('mouse'));
  });

  it('wants every word of a query, in any order', () => {
    const found = iconsFor('police car');
    expect(found).toEqual(expect.arrayContaining(['noto:police-car', 'fxemoji:policecar']));
    expect(found).not.toContain('noto:racing-car');
    expect(new Set(iconsFor('car police'))).toEqual(new Set(found));
  });

  it('puts what is named so and filed so before what is only filed so', () => {
    const first = findPictures(catalogue, 'house').slice(0, 5);
    expect(first.every(({ nameWords }) => nameWords.has('house'))).toBe(true);
  });

  it('finds nothing for a word nobody uses, nor for signs', () => {
    expect(iconsFor('qwertyuiop')).toEqual([]);
    expect(iconsFor('%%')).toEqual([]);
  });
});

describe('readCatalogue', () => {
  it('knows the odd names of fxemoji', () => {
    const keywordsOf = (icon: string) =>
      catalogue.find((p) => p.set === 'fxemoji' && p.icon === icon)?.keywords;
    expect(keywordsOf('aubergine')).toContain('vegetable');
    expect(keywordsOf('dogside')).toContain('animal');
  });

  it('keeps few of the variants by skin tone', () => {
    const waving = catalogue.filter(({ icon }) => icon.startsWith('waving-hand-'));
    expect(waving.length).toBeLessThan(4);
    const variants = catalogue.filter(({ icon }) => icon.includes('skin-tone')).length;
    expect(variants).toBeGreaterThan(0);
    expect(variants / catalogue.length).toBeLessThan(0.05);
  });

  it('credits every picture', () => {
    for (const { credit } of catalogue) {
      expect(credit.creator).not.toBe('');
      expect(credit.licence).toMatch(/^(Apache-2\.0|CC-BY-4\.0|CC-BY-SA-4\.0)$/);
      expect(credit.licenceUrl).toMatch(/^https:/);
    }
  });
});

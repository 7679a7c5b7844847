import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { collectQueries, collectSynonyms } from '../../../../src/cli/phrases.js';
import { planBuild } from '../../../../src/cli/plan.js';
import { parseUrlRows } from '../../../../src/cli/url-list.js';
import { tempFolder } from './temp-folder.js';

describe('parseUrlRows', () => {
  test('takes what spreadsheets make, other columns, and says which lines are bad', () => {
    const text = [
      '\uFEFFURL,Category,creator,licence,note',
      'https://x.org/1.jpg,cat,Ann,CC0-1.0,hello',
      '',
      '"https://x.org/a,b.jpg","fire truck"',
      ',cat',
      'https://x.org/3.jpg,',
      '"https://x.org/4.jpg,cat',
      'https://x.org/5.jpg,dog',
    ].join('\r\n');
    expect(parseUrlRows(text)).toEqual({
      rows: [
        { category: 'cat', url: 'https://x.org/1.jpg', creator: 'Ann', licence: 'CC0-1.0', line: 2 },
        { category: 'fire truck', url: 'https://x.org/a,b.jpg', line: 4 },
        { category: 'dog', url: 'https://x.org/5.jpg', line: 8 },
      ],
      bad: [
        'line 5 (it has no address)',
        'line 6 (it names no category)',
        'line 7 (a quotation mark is not closed, or stands inside a cell)',
      ],
    });
  });

  test('takes the attribution that a data set is exported with', () => {
    const text =
      'sha256,category,part,creator,image\r\nab,cat,train,Ann,https://x.org/1.jpg\r\ncd,cat,test,Bob,';
    expect(parseUrlRows(text)).toEqual({
      rows: [{ category: 'cat', url: 'https://x.org/1.jpg', creator: 'Ann', line: 2 }],
      bad: ['line 3 (it has no address)'],
    });
  });

  test.each(['', 'https://x.org/1.jpg', 'category\ncat', 'name,address\ncat,x'])('%j is no list', (text) => {
    expect(parseUrlRows(text)).toBeNull();
  });
});

describe('planBuild with --urls', () => {
  const list = async (rows: string[]): Promise<string> => {
    const file = join(tempFolder(), 'list.csv');
    await writeFile(file, ['category,url', ...rows].join('\n'));
    return file;
  };
  const many = (category: string, count: number): string[] =>
    Array.from({ length: count }, (_, n) => `${category},https://x.org/${category}/${n}.jpg`);

  test('takes the categories from the list, after those that were named', async () => {
    const urls = await list([...many('dog', 5), ...many('Cat', 5), ...many('CAT', 1)]);
    const plan = await planBuild(['cat'], { urls });
    expect(plan.categories).toEqual(['cat', 'dog']);
    expect(plan.urls).toHaveLength(11);
    expect(plan.settings.providers).toEqual([]);
  });

  test('refuses what cannot be split, unless providers are to fill up', async () => {
    const urls = await list([...many('cat', 5), ...many('dog', 2)]);
    await expect(planBuild([], { urls })).rejects.toThrow(/dog has 2/);
    await expect(planBuild([], { urls, provider: ['gallery'] })).resolves.toMatchObject({
      categories: ['cat', 'dog'],
    });
  });

  test.each([
    ['/nowhere/list.csv', /does not exist/],
    [import.meta.filename, /does not begin with the header/],
  ])('%s is refused', async (urls, message) => {
    await expect(planBuild(['cat', 'dog'], { urls })).rejects.toThrow(message);
  });
});

describe('phrases', () => {
  test('are collected by category', () => {
    const synonyms = collectSynonyms(
      'dog=hound',
      collectSynonyms('cat=feline, kitty', collectSynonyms('cat=kitty')),
    );
    expect(synonyms).toEqual({ cat: ['kitty', 'feline'], dog: ['hound'] });
    expect(collectQueries('cat=black, furry = cat')).toEqual({ cat: ['black, furry = cat'] });
  });

  test.each(['cat', '=kitty', 'cat=', 'cat=a,,b'])('%s is refused', (raw) => {
    expect(() => collectSynonyms(raw)).toThrow(/looks like/);
  });

  test('for a category that is not built are refused', async () => {
    const options = { provider: ['gallery'], query: { fox: ['Fuchs'] } };
    await expect(planBuild(['cat', 'dog'], options)).rejects.toThrow(/--query names fox/);
  });
});

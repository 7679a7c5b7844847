import { describe, expect, it } from 'vitest';
import { inaturalist } from '../../../../crawlers/providers/inaturalist.js';
import { asking, recorded } from './fixtures.js';

describe('inaturalist', () => {
  it('asks for agreed species with open licences only', () => {
    const { searchParams } = new URL(inaturalist.buildRequest(asking('Vulpes vulpes')).url);
    expect(searchParams.get('taxon_name')).toBe('Vulpes vulpes');
    expect(searchParams.get('quality_grade')).toBe('research');
    expect(searchParams.get('photo_license')?.split(',')).not.toContain('cc-by-nd');
    expect(Number(searchParams.get('per_page')) * inaturalist.maxPages).toBe(10_000);
  });

  it('takes the first licensed photo of each observation in its large size', async () => {
    const page = inaturalist.parsePage(await recorded('inaturalist', 'page-1'), asking('fox'));
    expect(page).toMatchObject({ received: 4, next: '2' });
    expect(page.results.map((one) => one.imageUrl.replace(/^.*photos/, ''))).toEqual([
      '/11/large.jpeg',
      '/14/large.jpeg?1545345345',
      '/16/large.jpeg',
    ]);
    expect(page.results.map((one) => one.licence)).toEqual(['CC-BY-4.0', 'CC0-1.0', 'CC-BY-NC-SA-4.0']);
    expect(page.results.map((one) => one.creator)).toEqual([
      'Sam Lee',
      'fuchs',
      '(c) Sam Lee, some rights reserved (CC BY-NC)',
    ]);
    expect(page.results[2]).toMatchObject({
      pageUrl: 'https://www.inaturalist.org/observations/1004',
      title: 'Red Fox',
      licenceUrl: 'https://creativecommons.org/licenses/by-nc-sa/4.0/',
    });
  });

  it('ends when the rows are used up', async () => {
    const page = inaturalist.parsePage(await recorded('inaturalist', 'page-last'), asking('fox', '3'));
    expect(page).toMatchObject({ received: 1, next: null });
    expect(page.results[0]?.creator).toBe('ida');
  });
});

import { describe, expect, it } from 'vitest';
import { lookFor } from '../../../../src/gallery/look.js';
import { BusyError, Renderer } from '../../../../src/gallery/renderer.js';
import type { Result } from '../../../../src/gallery/results.js';

const credit = { setTitle: 's', creator: 'c', creatorUrl: '', licence: '', licenceTitle: '', licenceUrl: '' };

function resultOf(id: string, fields: Partial<Result> = {}): Result {
  const drawing = {
    body: '<circle cx="5" cy="5" r="5" fill="red"/>',
    left: 0,
    top: 0,
    width: 10,
    height: 10,
  };
  const words = new Set<string>();
  const picture = {
    set: 'noto',
    icon: id,
    title: id,
    credit,
    drawing,
    nameWords: words,
    keywords: words,
  } as const;
  return {
    id,
    imagePath: `/images/${id}`,
    pagePath: `/pictures/${id}`,
    picture: { ...picture, keywordWords: words },
    look: lookFor(1, 'noto', id),
    plant: null,
    copyOf: null,
    ...fields,
  };
}

describe('Renderer', () => {
  it('refuses more than may wait, and serves again afterwards', async () => {
    const renderer = new Renderer({ concurrency: 1, maxWaiting: 2, cacheBytes: 1e6 });
    const asked = await Promise.allSettled(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => renderer.render(resultOf(id))),
    );
    const refused = asked.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(6);
    for (const one of refused) expect((one as PromiseRejectedResult).reason).toBeInstanceOf(BusyError);
    expect((await renderer.render(resultOf('f'))).length).toBeGreaterThan(100);
  });

  it('draws a picture once for all who ask meanwhile, and gives an exact copy the same bytes', async () => {
    const renderer = new Renderer();
    const original = resultOf('a');
    const copy = resultOf('b', { plant: 'exact-copy', copyOf: original });
    const [first, second, third] = await Promise.all(
      [original, original, copy].map((one) => renderer.render(one)),
    );
    expect(second).toBe(first);
    expect(third).toBe(first);
  });

  it('draws copies of many pictures at once with a single turn', async () => {
    const renderer = new Renderer({ concurrency: 1, maxWaiting: 50, cacheBytes: 0 });
    const copies = ['a', 'b', 'c'].map((id) =>
      resultOf(`copy-${id}`, { plant: 're-encoded-copy', copyOf: resultOf(id) }),
    );
    const drawn = await Promise.all(copies.map((copy) => renderer.render(copy)));
    expect(drawn.every(({ length }) => length > 100)).toBe(true);
  });
});

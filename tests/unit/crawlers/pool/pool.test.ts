import { describe, expect, it } from 'vitest';
import type { SourceState } from '../../../../crawlers/index.js';
import { candidate, names, ScriptedWeb, sources, take } from './script.js';

const counts = (taken: Awaited<ReturnType<typeof take>>): Record<string, number> => {
  const all: Record<string, number> = {};
  for (const { candidate: one } of taken) all[one.provider] = (all[one.provider] ?? 0) + 1;
  return all;
};

describe('turns', () => {
  it('are fair by rank: each provider gives its best first', async () => {
    const web = new ScriptedWeb({ a: [3, 3], b: [2], c: [9] });
    const taken = await take(web.pool(sources(['a', 'b', 'c'])));
    expect(names(taken).slice(0, 8)).toEqual([
      'a/cat/0',
      'b/cat/0',
      'c/cat/0',
      'a/cat/1',
      'b/cat/1',
      'c/cat/1',
      'a/cat/2',
      'c/cat/2',
    ]);
    expect(counts(taken)).toEqual({ a: 6, b: 2, c: 9 });
  });

  it('leave out a provider that is slow, and give it its turns back later', async () => {
    const web = new ScriptedWeb({ slow: [4], quick: [4] });
    let answer = (): void => undefined;
    web.hanging.set('slow', new Promise((resolve) => (answer = resolve)));
    const pool = web.pool(sources(['slow', 'quick']));
    expect(names(await take(pool, 2))).toEqual(['quick/cat/0', 'quick/cat/1']);
    answer();
    web.hanging.clear();
    expect(names(await take(pool))).toEqual([
      'slow/cat/0',
      'slow/cat/1',
      'slow/cat/2',
      'quick/cat/2',
      'slow/cat/3',
      'quick/cat/3',
    ]);
  });

  it('ask for no page before it is needed', async () => {
    const web = new ScriptedWeb({ a: [5, 5, 5] });
    const pool = web.pool(sources(['a']));
    await take(pool, 5);
    expect(web.asked).toEqual(['a/cat/0']);
    await take(pool, 1);
    expect(web.asked).toEqual(['a/cat/0', 'a/cat/1']);
  });

  it('end with null, each search exhausted', async () => {
    const pool = new ScriptedWeb({ a: [1], b: [0] }).pool(sources(['a', 'b']));
    await take(pool);
    expect(await pool.next()).toBeNull();
    expect(pool.states.map(({ state }) => state)).toEqual(['exhausted', 'exhausted']);
  });
});

describe('phrasings', () => {
  const tiers = (): SourceState[] => [...sources(['a'], ['cat']), ...sources(['a'], ['cats', 'kitty'], 1)];

  it('of later tiers only fill up what the plain query does not give', async () => {
    const web = new ScriptedWeb({ 'a/cat': [3], 'a/cats': [2], 'a/kitty': [2] });
    const pool = web.pool(tiers());
    expect(names(await take(pool, 3))).toEqual(['a/cat/0', 'a/cat/1', 'a/cat/2']);
    expect(web.asked).toEqual(['a/cat/0']);
    expect(names(await take(pool))).toEqual(['a/cats/0', 'a/kitty/0', 'a/cats/1', 'a/kitty/1']);
  });

  it('join in when they are asked to, turn by turn with the plain query from there', async () => {
    const web = new ScriptedWeb({ 'a/cat': [6], 'a/cats': [2], 'a/kitty': [1] });
    const pool = web.pool(tiers());
    await take(pool, 3);
    pool.widen(1);
    expect(names(await take(pool, 6))).toEqual([
      'a/cat/3',
      'a/cats/0',
      'a/kitty/0',
      'a/cat/4',
      'a/cats/1',
      'a/cat/5',
    ]);
  });
});

describe('twins', () => {
  it('are given out as such, and the same address never twice', async () => {
    const web = new ScriptedWeb({
      a: [[candidate('a', 'cat', 0, { sha1: 'ff' }), candidate('a', 'cat', 1)]],
      b: [
        [
          candidate('b', 'cat', 0, { sha1: 'FF' }),
          candidate('b', 'cat', 1, { imageUrl: candidate('a', 'cat', 1).imageUrl }),
          candidate('b', 'cat', 2),
        ],
      ],
    });
    const pool = web.pool(sources(['a', 'b']));
    const taken = await take(pool);
    expect(taken.map(({ candidate: one, twinOf }) => [one.imageUrl, twinOf])).toEqual([
      ['https://a.test/cat/0.jpg', null],
      ['https://b.test/cat/0.jpg', 'https://a.test/cat/0.jpg'],
      ['https://a.test/cat/1.jpg', null],
      ['https://b.test/cat/2.jpg', null],
    ]);
    expect(pool.states.map(({ found, again }) => [found, again])).toEqual([
      [2, 0],
      [2, 1],
    ]);
  });

  it('are told from what was known before', async () => {
    const known = [{ imageUrl: 'http://a.test/cat/0.jpg', pageUrl: null, sha1: null }];
    const pool = new ScriptedWeb({ a: [2] }).pool(sources(['a']), { known });
    expect((await take(pool)).map(({ twinOf }) => twinOf)).toEqual(['http://a.test/cat/0.jpg', null]);
  });
});

describe('a provider in trouble', () => {
  it('rests, the others fill its place, and one request finds out whether it is back', async () => {
    const web = new ScriptedWeb({ a: [2, 'quota', 2], b: [3, 3] });
    const pool = web.pool(sources(['a', 'b']));
    const taken = await take(pool);
    expect(counts(taken)).toEqual({ a: 4, b: 6 });
    expect(web.waits).toEqual([30_000]);
    expect(web.asked.filter((one) => one.startsWith('a/'))).toEqual(['a/cat/0', 'a/cat/1', 'a/cat/1']);
    expect(pool.states[0]).toMatchObject({ state: 'exhausted', reason: 'quota' });
  });

  it('rests four times as long each time, and is given up in the end', async () => {
    const web = new ScriptedWeb({ a: [1, 'unreachable', 'unreachable', 'unreachable', 5] });
    const pool = web.pool(sources(['a']));
    expect(await take(pool)).toHaveLength(1);
    expect(web.waits).toEqual([5_000, 20_000]);
    expect(pool.states[0]).toMatchObject({ state: 'failed', reason: 'unreachable' });
    expect(pool.states[0]?.detail).toMatch(/"a" \(a\.test\) unreachable/);
  });

  it('that has never answered keeps nobody waiting', async () => {
    const web = new ScriptedWeb({ a: ['unreachable', 5], b: ['quota', 5] });
    const pool = web.pool(sources(['a', 'b']));
    expect(await take(pool)).toEqual([]);
    expect(web.waits).toEqual([]);
    expect(pool.states.map(({ state }) => state)).toEqual(['failed', 'failed']);
  });

  it.each(['refused', 'changed', 'needs-key', 'needs-browser', 'blocked'] as const)(
    'is out at once when it says %s, and the others go on',
    async (reason) => {
      const web = new ScriptedWeb({ a: [reason, 5], b: [3] });
      const pool = web.pool(sources(['a', 'b']));
      expect(counts(await take(pool))).toEqual({ b: 3 });
      expect(web.asked.filter((one) => one.startsWith('a/'))).toHaveLength(1);
      expect(pool.states[0]).toMatchObject({ state: 'failed', reason });
    },
  );

  it('loses one query to an odd reply, and all of them to the second in a row', async () => {
    const web = new ScriptedWeb({
      'a/x': [1],
      'a/y': ['changed'],
      'a/z': [2],
      'a/u': ['changed'],
      'a/v': ['changed'],
    });
    const pool = web.pool(sources(['a'], ['x', 'y', 'z', 'u', 'v', 'w']));
    expect(counts(await take(pool))).toEqual({ a: 3 });
    expect(web.asked).toEqual(['a/x/0', 'a/y/0', 'a/z/0', 'a/u/0', 'a/v/0']);
    expect(pool.states.map(({ state }) => state)).toEqual([
      'exhausted',
      'failed',
      'exhausted',
      'failed',
      'failed',
      'failed',
    ]);
  });

  it('is asked once, not once for each category that waits for it', async () => {
    const web = new ScriptedWeb({ a: ['unreachable'] });
    const pools = ['cat', 'dog', 'fox'].map((query) => web.pool(sources(['a'], [query])));
    expect(await Promise.all(pools.map((pool) => take(pool)))).toEqual([[], [], []]);
    expect(web.asked).toHaveLength(1);
  });
});

describe('going on after a crash', () => {
  it.each([0, 1, 4, 7, 11])('gives the same candidates, none twice, when it is cut after %i', async (cut) => {
    const scripts = () => ({ a: [4, 4], b: [2, 2, 2], 'b/cats': [3], 'a/cats': [0] });
    const all = (): SourceState[] => [...sources(['a', 'b']), ...sources(['a', 'b'], ['cats'], 1)];
    const expected = names(await take(new ScriptedWeb(scripts()).pool(all())));
    const first = new ScriptedWeb(scripts());
    const pool = first.pool(all());
    await take(pool, cut);
    // The crash: what was kept is all there is, and the providers go on where they were.
    const keptCandidates = first.kept.flatMap(({ candidates }) => candidates);
    const states = first.kept.at(-1)?.sources ?? all();
    const second = first.pool(structuredClone(states) as SourceState[], {
      known: keptCandidates.map(({ candidate: one }) => one),
    });
    const taken = [...keptCandidates, ...(await take(second))];
    expect(names(taken)).toEqual(expected);
    expect(new Set(first.asked).size).toBe(first.asked.length);
  });

  it('keeps a page together with the candidates taken before it', async () => {
    const web = new ScriptedWeb({ a: [2, 2] });
    const pool = web.pool(sources(['a']));
    await take(pool, 3);
    expect(web.kept).toHaveLength(2);
    expect(names(web.kept[1]?.candidates ?? [])).toEqual(['a/cat/0', 'a/cat/1']);
    expect(web.kept[1]?.sources[0]?.rows).toHaveLength(2);
    await pool.flush();
    expect(names(web.kept[2]?.candidates ?? [])).toEqual(['a/cat/2']);
    expect(web.kept[2]?.sources[0]).toMatchObject({ turn: 3, found: 3, pages: 2 });
  });

  it('fails as a whole when nothing can be kept', async () => {
    const keep = (): Promise<void> => Promise.reject(new Error('disk full'));
    const pool = new ScriptedWeb({ a: [2] }).pool(sources(['a']), { keep });
    await expect(take(pool)).rejects.toThrow('disk full');
    await expect(pool.flush()).rejects.toThrow('disk full');
  });

  it('ends with the reason of its signal', async () => {
    const abort = new AbortController();
    const pool = new ScriptedWeb({ a: [2] }).pool(sources(['a']), { signal: abort.signal });
    await pool.next();
    abort.abort(new Error('cancelled'));
    await expect(pool.next()).rejects.toThrow('cancelled');
  });
});

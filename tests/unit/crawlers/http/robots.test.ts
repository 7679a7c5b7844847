import { describe, expect, it } from 'vitest';
import { finalFailure, type Failure, type Success } from '../../../../crawlers/http/result.js';
import { RobotsGate } from '../../../../crawlers/http/robots.js';
import { robotsTagOptOut } from '../../../../crawlers/http/robots-tag.js';

const signal = new AbortController().signal;

const text = (body: string): Success => ({
  ok: true,
  body: Buffer.from(body),
  contentType: 'text/plain',
  finalUrl: 'http://a.test/robots.txt',
});

function gate(reply: Success | Failure, clock = { nowMs: 0 }) {
  const fetched: string[] = [];
  const delays: [string, number][] = [];
  const one = new RobotsGate(
    'graft',
    (url) => {
      fetched.push(url.href);
      return Promise.resolve(reply);
    },
    () => clock.nowMs,
    (host, ms) => delays.push([host, ms]),
  );
  return { fetched, delays, ask: (url: string) => one.refusal(new URL(url), signal) };
}

describe('RobotsGate', () => {
  it('obeys the group that names us, else the one for all', async () => {
    const { ask } = gate(text('User-agent: *\nDisallow: /\nUser-agent: Graft\nAllow: /ok\nDisallow: /no'));
    expect(await ask('http://a.test/ok')).toBeNull();
    expect(await ask('http://a.test/no/1.jpg')).toMatchObject({ reason: 'robots', retryable: false });
    expect(await gate(text('User-agent: *\nDisallow: /*.jpg$')).ask('http://a.test/x.jpg')).not.toBeNull();
  });

  it('asks once for each origin, however many ask at once, and again after a day', async () => {
    const clock = { nowMs: 0 };
    const { ask, fetched } = gate(text(''), clock);
    await Promise.all([
      ask('http://a.test/1'),
      ask('http://a.test/2'),
      ask('http://a.test:81/1'),
      ask('https://a.test/'),
    ]);
    expect(fetched).toEqual([
      'http://a.test/robots.txt',
      'http://a.test:81/robots.txt',
      'https://a.test/robots.txt',
    ]);
    clock.nowMs = 25 * 3_600_000;
    await ask('http://a.test/3');
    expect(fetched).toHaveLength(4);
  });

  it.each([
    ['http-404', null],
    ['http-403', null],
    ['http-500', 'robots'],
    ['redirect-loop', 'robots'],
    ['unreachable', 'unreachable'],
    ['timeout', 'timeout'],
    ['private-address', 'private-address'],
  ] as const)('takes a robots.txt that ends as %s for %s', async (reason, refusal) => {
    const answer = await gate(finalFailure(reason, 'x')).ask('http://a.test/1');
    expect(answer?.reason ?? null).toBe(refusal);
  });

  it('forgets a failure after minutes, not after a day', async () => {
    const clock = { nowMs: 0 };
    const { ask, fetched } = gate(finalFailure('unreachable', 'x'), clock);
    await ask('http://a.test/1');
    await ask('http://a.test/2');
    expect(fetched).toHaveLength(1);
    clock.nowMs = 6 * 60_000;
    await ask('http://a.test/3');
    expect(fetched).toHaveLength(2);
  });

  it('passes a crawl delay on, within reason', async () => {
    const { ask, delays } = gate(text('User-agent: *\nCrawl-delay: 3600'));
    await ask('http://a.test/1');
    expect(delays).toEqual([['a.test', 30_000]]);
  });
});

describe('robotsTagOptOut', () => {
  it.each([
    [['noai'], 'noai'],
    [['index, NoImageAI'], 'noimageai'],
    [['none'], 'none'],
    [['noindex'], 'noindex'],
    [['max-image-preview: large, noindex'], 'noindex'],
    [['unavailable_after: 25 Jun 2030 15:00:00 PST, noai'], 'noai'],
    [['graft: noai'], 'noai'],
    [['*: noimageindex'], 'noimageindex'],
    [['otherbot: nofollow', 'noai'], 'noai'],
    [['otherbot: noindex, noai'], null],
    [['nofollow, nosnippet'], null],
    [[], null],
  ])('%j is %s', (lines, directive) => {
    expect(robotsTagOptOut(lines, 'graft')).toBe(directive);
  });
});

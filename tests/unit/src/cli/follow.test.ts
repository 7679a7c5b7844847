import { describe, expect, test } from 'vitest';
import { GraftClient } from '../../../../src/cli/client.js';
import { followRun } from '../../../../src/cli/follow.js';
import type { RunView } from '../../../../src/http/api.js';
import { sendJson, serveLoopback, type Handler } from './loopback.js';
import { aRun, RUN_ID } from './samples.js';

const event = (run: RunView): string => `event: run\ndata: ${JSON.stringify(run)}\n\n`;
const states = {
  fetch: aRun(),
  trials: aRun({ stage: 'trials' }),
  over: aRun({ state: 'succeeded', stage: 'package' }),
};

/** Follows without waiting, and notes each state and each wait. */
async function follow(handler: Handler, abort = new AbortController()) {
  const seen: string[] = [];
  const waits: number[] = [];
  const url = await serveLoopback(handler);
  const following = followRun(new GraftClient(url, abort.signal), RUN_ID, {
    signal: abort.signal,
    onState: (run) => seen.push(run.stage),
    wait: (ms) => Promise.resolve(void waits.push(ms)),
  });
  return { following, seen, waits };
}

const isStream = (url: string | undefined): boolean => url?.endsWith('/events') ?? false;

describe('followRun', () => {
  test('gives each state of the stream and ends with the final one', async () => {
    const { following, seen, waits } = await follow((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`: hello\n\n${event(states.fetch)}${event(states.trials)}${event(states.over)}`);
    });
    expect((await following).state).toBe('succeeded');
    expect(seen).toEqual(['fetch', 'trials', 'package']);
    expect(waits).toEqual([]);
  });

  test('comes back after a broken stream', async () => {
    let streams = 0;
    const { following, seen, waits } = await follow((request, response) => {
      if (!isStream(request.url)) return sendJson(response, states.trials);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      if (++streams > 1) return void response.end(event(states.over));
      response.write(event(states.fetch), () => response.destroy());
    });
    expect((await following).state).toBe('succeeded');
    expect(seen).toEqual(['fetch', 'trials', 'package']);
    expect(waits).toHaveLength(1);
  });

  test('asks again and again where streams do not get through', async () => {
    const answers = [states.fetch, states.trials, states.over];
    const { following, seen, waits } = await follow((request, response) => {
      if (isStream(request.url)) return void response.writeHead(502).end();
      sendJson(response, answers.shift());
    });
    expect((await following).state).toBe('succeeded');
    expect(seen).toEqual(['fetch', 'trials', 'package']);
    expect(waits).toEqual([1000, 1000]);
  });

  test('waits longer and longer for a service that is gone, and gives up in the end', async () => {
    const { following, waits } = await follow((_request, response) => void response.destroy());
    await expect(following).rejects.toMatchObject({
      code: 'service-unreachable',
      fix: expect.stringContaining('graft resume'),
    });
    expect(waits.slice(0, 3)).toEqual([2000, 4000, 5000]);
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(45_000);
  });

  test('an answer that says no ends it at once', async () => {
    const problem = {
      type: 'about:blank',
      title: 'Not found',
      status: 404,
      detail: 'There is no run.',
      code: 'not-found',
      fix: null,
      requestId: '1',
    };
    const { following, waits } = await follow((_request, response) => sendJson(response, problem, 404));
    await expect(following).rejects.toMatchObject({ code: 'not-found', message: 'There is no run.' });
    expect(waits).toEqual([]);
  });

  test('stops at Ctrl-C with its reason', async () => {
    const abort = new AbortController();
    const { following } = await follow((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(event(states.fetch), () => abort.abort(new Error('enough')));
    }, abort);
    await expect(following).rejects.toThrow('enough');
  });
});

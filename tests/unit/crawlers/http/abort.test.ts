import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { linkAbort, raceAbort } from '../../../../crawlers/http/abort.js';

describe('raceAbort', () => {
  it('settles with whichever comes first and lets the signal go', async () => {
    const abort = new AbortController();
    expect(await raceAbort(Promise.resolve(7), abort.signal)).toBe(7);
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0);
    const never = raceAbort(new Promise(() => undefined), abort.signal);
    abort.abort(new Error('enough'));
    await expect(never).rejects.toThrow('enough');
    await expect(raceAbort(Promise.resolve(7), abort.signal)).rejects.toThrow('enough');
  });
});

describe('linkAbort', () => {
  it('passes the reason on, also of a signal that fired before', () => {
    const source = new AbortController();
    const linked = new AbortController();
    linkAbort(linked, [undefined, source.signal]);
    source.abort(new Error('enough'));
    expect(linked.signal.reason).toEqual(new Error('enough'));
    const later = new AbortController();
    linkAbort(later, [source.signal]);
    expect(later.signal.aborted).toBe(true);
  });

  it('leaves nothing behind on a long-lived signal', () => {
    const source = new AbortController();
    const linked = new AbortController();
    linkAbort(linked, [source.signal])();
    expect(getEventListeners(source.signal, 'abort')).toHaveLength(0);
    source.abort();
    expect(linked.signal.aborted).toBe(false);
  });
});

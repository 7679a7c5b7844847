import { describe, expect, it } from 'vitest';
import { ProviderError, type ProviderErrorReason } from '../../../../crawlers/index.js';
import { ProviderLedger } from '../../../../crawlers/pool/ledger.js';

const failure = (reason: ProviderErrorReason) => () =>
  Promise.reject(new ProviderError('a', 'a.test', reason, 'as scripted'));
const answer = () => Promise.resolve('page');

function ledger() {
  const clock = { nowMs: 0 };
  const kept = new ProviderLedger(() => clock.nowMs);
  const ask = (request: () => Promise<string>): Promise<string> =>
    kept.ask('a', request).catch((error: Error) => error.message);
  return { clock, kept, ask };
}

describe('ProviderLedger', () => {
  it('lets nothing through while a provider rests, then one request, whose end decides', async () => {
    const { clock, kept, ask } = ledger();
    await ask(answer);
    await ask(failure('quota'));
    expect(kept.health('a')).toMatchObject({ state: 'resting', untilMs: 30_000, worthWaiting: true });
    let asked = 0;
    const counted = (): Promise<string> => Promise.resolve(String(++asked));
    await ask(counted);
    expect(asked).toBe(0);
    clock.nowMs = 30_000;
    expect(await Promise.all([ask(failure('quota')), ask(counted), ask(counted)])).toHaveLength(3);
    expect(asked).toBe(0);
    expect(kept.health('a')).toMatchObject({ state: 'resting', untilMs: 30_000 + 120_000 });
    clock.nowMs = 150_000;
    expect(await ask(counted)).toBe('1');
    expect(kept.health('a')).toEqual({ state: 'ready' });
  });

  it('begins to count anew after an answer', async () => {
    const { clock, kept, ask } = ledger();
    for (let round = 0; round < 5; round++) {
      await ask(answer);
      await ask(failure('unreachable'));
      expect(kept.health('a')).toMatchObject({ state: 'resting', untilMs: clock.nowMs + 5_000 });
      clock.nowMs += 5_000;
    }
  });

  it('keeps providers apart', async () => {
    const { kept, ask } = ledger();
    await ask(failure('needs-key'));
    expect(kept.health('a').state).toBe('dead');
    expect(kept.health('b')).toEqual({ state: 'ready' });
  });

  it('does not count an end by signal, or a bug, as the failure of a provider', async () => {
    const { kept, ask } = ledger();
    await ask(() => Promise.reject(new Error('cancelled')));
    expect(kept.health('a')).toEqual({ state: 'ready' });
  });
});

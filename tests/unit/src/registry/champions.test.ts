import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { championBefore, type ChampionEvent } from '../../../../src/registry/champions.js';

const built = (toId: string, fromId: string | null): ChampionEvent => ({ action: 'built', fromId, toId });
const promoted = (toId: string, fromId: string): ChampionEvent => ({ action: 'promoted', fromId, toId });
const back = (toId: string, fromId: string): ChampionEvent => ({ action: 'rolled-back', fromId, toId });

describe('the champion to go back to', () => {
  it('is none where nothing or one model has stood', () => {
    expect(championBefore([])).toBeNull();
    expect(championBefore([built('a', null)])).toBeNull();
  });

  it('is the one before the last promotion that still stands', () => {
    const events = [built('a', null), promoted('b', 'a'), promoted('c', 'b')];
    expect(championBefore(events)).toBe('b');
    expect(championBefore([...events, back('b', 'c')])).toBe('a');
    expect(championBefore([...events, back('b', 'c'), back('a', 'b')])).toBeNull();
    expect(championBefore([...events, back('b', 'c'), promoted('d', 'b')])).toBe('b');
  });

  it('may have stood before a history was kept', () => {
    expect(championBefore([promoted('b', 'a')])).toBe('a');
  });

  it('undoes any promotions one by one, in reverse', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 2, maxLength: 12 }), (models) => {
        const events: ChampionEvent[] = models.map((model, i) => built(model, models[i - 1] ?? null));
        const undone: string[] = [];
        for (let now = models.at(-1) ?? ''; ;) {
          const before = championBefore(events);
          if (before === null) break;
          events.push(back(before, now));
          undone.push(before);
          now = before;
        }
        expect(undone).toEqual(models.slice(0, -1).reverse());
      }),
    );
  });
});

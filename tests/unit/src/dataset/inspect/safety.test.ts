import { describe, expect, it } from 'vitest';
import {
  askNetworks,
  type SafetyClasses,
  type SafetyMeasure,
} from '../../../../../src/dataset/inspect/safety.js';
import { answersAll, inspectImage, judgeMeasures } from '../../../../../src/dataset/inspect/inspect.js';
import { DEFAULT_INSPECT_LIMITS } from '../../../../../src/dataset/inspect/settings.js';
import { texturedPicture } from '../../../../support/odd-pictures.js';

const classes = (porn: number, hentai = 0): SafetyClasses => ({ porn, hentai, neutral: 1 - porn - hentai });

async function ask(...answers: SafetyClasses[]): Promise<SafetyMeasure> {
  return askNetworks(answers.map((answer, i) => ({ id: `n${i}`, ask: () => Promise.resolve(answer) })));
}

const saying = (unsafe: number) => (): Promise<SafetyMeasure> => Promise.resolve({ unsafe, classes: {} });

describe('unsafe pictures', () => {
  it('takes what both networks agree on', async () => {
    expect((await ask(classes(0.9), classes(0.4, 0.2))).unsafe).toBeCloseTo(0.6);
    expect((await ask(classes(0.5, 0.3), classes(0.95))).unsafe).toBeCloseTo(0.8);
  });

  it('keeps all answers, and asks the second network only in doubt', async () => {
    expect(Object.keys((await ask(classes(0.1), classes(0.9))).classes)).toEqual(['n0']);
    expect((await ask(classes(0.8), classes(0.1))).classes).toEqual({ n0: classes(0.8), n1: classes(0.1) });
  });

  it('drops from the threshold on, and keeps the measure either way', async () => {
    const bytes = await texturedPicture(3);
    const dropped = await inspectImage(bytes, DEFAULT_INSPECT_LIMITS, saying(0.7));
    expect(dropped).toMatchObject({
      kind: 'dropped',
      reason: 'unsafe',
      measures: { safety: { unsafe: 0.7 } },
    });
    const kept = await inspectImage(bytes, DEFAULT_INSPECT_LIMITS, saying(0.69));
    expect(kept).toMatchObject({ kind: 'kept', measures: { safety: { unsafe: 0.69 } } });
  });

  it('asks with the pixels the networks want, and not about pictures that are dropped anyway', async () => {
    const asked: number[] = [];
    const judge = (pixels: Uint8Array): Promise<SafetyMeasure> => {
      asked.push(pixels.length);
      return saying(0)();
    };
    await inspectImage(await texturedPicture(4), DEFAULT_INSPECT_LIMITS, judge);
    await inspectImage(await texturedPicture(5, { width: 20, height: 20 }), DEFAULT_INSPECT_LIMITS, judge);
    expect(asked).toEqual([224 * 224 * 3]);
  });

  it('judges measures of before by the limits of today', async () => {
    const { measures } = await inspectImage(await texturedPicture(6), DEFAULT_INSPECT_LIMITS, saying(0.5));
    if (!measures) throw new Error('A sound picture is measured.');
    const strict = { ...DEFAULT_INSPECT_LIMITS, maxUnsafe: 0.4 };
    expect(judgeMeasures(measures, strict)).toMatchObject({ kind: 'dropped', reason: 'unsafe' });
    expect(answersAll(measures, strict, true)).toBe(true);
    const unasked = { ...measures, safety: undefined };
    expect(answersAll(unasked, strict, true)).toBe(false);
    expect(answersAll(unasked, strict, false)).toBe(true);
    expect(answersAll(unasked, { ...strict, minSidePixels: 1000 }, true)).toBe(true);
    expect(answersAll(measures, { ...strict, maxPixels: 100 }, true)).toBe(false);
  });
});

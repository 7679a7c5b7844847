import { describe, expect, it } from 'vitest';
import { wordings } from '../../../../src/modalities/modality.js';
import { checkEnough } from '../../../../src/runs/check-enough.js';
import { GraftError } from '../../../../src/runs/errors.js';

describe('checking for enough pictures', () => {
  it('lets a project pass whose categories all have enough', () => {
    expect(() => checkEnough([category('a', 50), category('b', 50)], wordings.image)).not.toThrow();
  });

  it('names every category that is short, what it has, and what to do', () => {
    const attempt = (): void =>
      checkEnough([category('cat', 2), category('dog', 50), category('fox', 0)], wordings.image);
    expect(attempt).toThrow(GraftError);
    expect(attempt).toThrow(/cat has 2, fox has 0/);
    expect(attempt).not.toThrow(/dog/);
  });
});

const category = (name: string, uploads: number) => ({ name, uploads, urls: 0 });

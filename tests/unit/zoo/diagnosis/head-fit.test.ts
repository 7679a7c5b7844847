import { expect, it } from 'vitest';
import { wordings } from '../../../../src/modalities/modality.js';
import type { Findings } from '../../../../zoo/diagnosis/evidence.js';
import { headFit } from '../../../../zoo/diagnosis/head-fit.js';

const ROWS = 200;
const y = new Int32Array(ROWS);

/** 1 for the first so many rows. */
const right = (count: number): Uint8Array => new Uint8Array(ROWS).fill(1, 0, count);

/** A head that is right about so many of the rows it learnt from and so many others, beside a plain one. */
function findings(learnt: number, heldOut: number, plain: number): Findings {
  const data = new Float64Array(ROWS * 2);
  right(heldOut).forEach((correct, row) => (data[row * 2 + (correct ? 0 : 1)] = 1));
  return {
    wording: wordings.image,
    y,
    heldOut: { rows: ROWS, classes: 2, data },
    learnt: right(learnt),
    referee: { strength: 0.3, correct: right(plain) },
    chosen: { head: 'mlp' },
  } as Findings;
}

it('overfits: knows all it learnt from, and foretells less than a plain head', () => {
  expect(headFit(findings(200, 140, 180)).map(({ code }) => code)).toEqual(['head-overfit']);
});

it('underfits: does not even know what it learnt from, where a plain head foretells more', () => {
  expect(headFit(findings(150, 140, 180)).map(({ code }) => code)).toEqual(['head-underfit']);
});

it('a gap alone is no fault: any head that can learns its pictures by heart', () => {
  expect(headFit(findings(200, 140, 140))).toEqual([]);
  expect(headFit(findings(200, 140, 144))).toEqual([]);
});

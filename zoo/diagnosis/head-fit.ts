import { mcnemar } from '../metrics/index.js';
import { percent, predictionsOf, type Findings } from './evidence.js';
import type { Diagnosis } from './types.js';

const meanOf = (values: Uint8Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * A gap between what a head has learnt and what it predicts is no fault by itself: any head that can, learns its pictures by heart. It
 * is one when a plainer head on the same features predicts better beyond chance (McNemar, p < 0.01): the chosen one then
 * overfits if it knows the pictures it learnt from better than it predicts others, and underfits if it does not even know those.
 */
export function headFit(findings: Findings): Diagnosis[] {
  const { referee, learnt, chosen, wording } = findings;
  const { correct } = predictionsOf(findings);
  const heldOut = meanOf(correct);
  const plain = meanOf(referee.correct);
  const { pValue } = mcnemar(referee.correct, correct);
  if (plain <= heldOut || pValue >= 0.01) return [];
  const known = meanOf(learnt);
  const over = known > plain;
  return [
    {
      code: over ? 'head-overfit' : 'head-underfit',
      blames: 'head',
      severity: 'high',
      message:
        `The head (${chosen.head}) ${over ? `has learnt its ${wording.many} by heart` : `is too weak even for the ${wording.many} it learns from`}: it is right about ${percent(known)} of those and ${percent(heldOut)} of others, ` +
        `where plain ridge regression on the same features has ${percent(plain)}.`,
      evidence: { learnt: known, heldOut, gap: known - heldOut, plain, strength: referee.strength, pValue },
      fix: over
        ? `Use a head with fewer weights or more weight decay, or more ${wording.many}: start the run with all heads and no cap on the time.`
        : 'Use a head with more weights or less weight decay: start the run with all heads and no cap on the time.',
      categories: [],
      examples: [],
    },
  ];
}

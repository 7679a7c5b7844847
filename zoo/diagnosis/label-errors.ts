import { EXAMPLES, percent, type Findings } from './evidence.js';
import type { Diagnosis } from './types.js';

/**
 * Labels that are probably wrong. A suspicion is a lower bound on the probability, so their sum is one on the number of wrong
 * labels: from one picture in a hundred on (and two at least) it costs about a point of accuracy and is worth a person's look.
 */
export function labelErrors({ doubts, y, classNames, ids, wording }: Findings): Diagnosis[] {
  const wrong = doubts.reduce((sum, { suspicion }) => sum + suspicion, 0);
  if (wrong < Math.max(2, y.length / 100)) return [];
  const worst = doubts.toSorted((a, b) => b.suspicion - a.suspicion);
  const suspects = worst.filter(({ suspicion }) => suspicion > 0);
  const categories = new Set(suspects.map(({ row }) => classNames[y[row] as number] as string));
  return [
    {
      code: 'label-errors',
      blames: 'data',
      severity: wrong >= y.length / 20 ? 'high' : 'medium',
      message: `At least ${Math.floor(wrong)} of ${y.length} ${wording.many} (${percent(wrong / y.length)}) are probably in the wrong category.`,
      evidence: { wrong, share: wrong / y.length, pictures: y.length, suspects: suspects.length },
      fix: `Look at the ${suspects.length} most doubtful ${wording.many} and move or drop them: graft review, or the review page.`,
      categories: classNames.filter((name) => categories.has(name)),
      examples: suspects.slice(0, EXAMPLES).map(({ row }) => ids[row] as string),
    },
  ];
}

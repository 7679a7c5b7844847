import { tooFew, unbalanced, unmeasurable } from './amounts.js';
import { backboneMismatch } from './backbone.js';
import { confusable } from './confusable.js';
import { domainGap } from './domain-gap.js';
import type { Findings } from './evidence.js';
import { headFit } from './head-fit.js';
import { labelErrors } from './label-errors.js';
import type { Diagnosis } from './types.js';

/**
 * What is wrong with a result, from its evidence: which half is to blame, the numbers that show it, and what to do. Every threshold is an
 * interval or a test, so that a clean set of pictures gives an empty list. One cause explains its consequences: through a backbone that does not
 * know the pictures, doubts about labels say nothing, and of two categories it tells neither; they say nothing either where there are so few
 * pictures that the accuracy itself is not known; a pair that cannot be told apart explains the losses of both; and how the accuracy grows with
 * more pictures is asked only when nothing is wrong with those there are. Labels of test pictures are not asked for.
 */
export function diagnose(findings: Findings): Diagnosis[] {
  const mismatch = backboneMismatch(findings);
  const blind = mismatch.length > 0;
  const pairs = blind && findings.classNames.length === 2 ? [] : confusable(findings);
  const paired = new Set(pairs.flatMap(({ categories }) => categories));
  const causes = [
    ...mismatch,
    ...pairs,
    ...unbalanced(findings, paired),
    ...domainGap(findings),
    ...headFit(findings),
    ...(blind || unmeasurable(findings) ? [] : labelErrors(findings)),
  ];
  const found = causes.length > 0 ? causes : tooFew(findings);
  return found.toSorted((a, b) => Number(b.severity === 'high') - Number(a.severity === 'high'));
}

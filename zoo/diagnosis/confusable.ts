import { normalTail, wilson } from '../metrics/index.js';
import { EXAMPLES, percent, predictionsOf, rowsWhere, type Findings } from './evidence.js';
import type { Diagnosis } from './types.js';

interface Pair {
  readonly a: number;
  readonly b: number;
  /** Pictures of either that were taken for either. */
  readonly count: number;
  readonly right: number;
  /** Rows of one taken for the other. */
  readonly swapped: readonly number[];
}

function pairsOf(findings: Findings): Pair[] {
  const { y, classNames } = findings;
  const { labels } = predictionsOf(findings);
  const classes = classNames.length;
  return Array.from({ length: classes }, (_, a) =>
    Array.from({ length: classes - a - 1 }, (_, i): Pair => {
      const b = a + 1 + i;
      const within = rowsWhere(
        y,
        (row) => [a, b].includes(y[row] as number) && [a, b].includes(labels[row] as number),
      );
      const swapped = within.filter((row) => y[row] !== labels[row]);
      return { a, b, count: within.length, right: within.length - swapped.length, swapped };
    }),
  ).flat();
}

/** Accuracy over all pairs but one; certainty where there is no other. */
function elsewhere(pairs: readonly Pair[], left: Pair): number {
  const others = pairs.filter((pair) => pair !== left);
  const count = others.reduce((sum, pair) => sum + pair.count, 0);
  return count === 0 ? 1 : others.reduce((sum, pair) => sum + pair.right, 0) / count;
}

/**
 * Two categories that cannot be told apart: of the way from a coin toss to how well the other pairs are told apart, this pair
 * surely has less than half (99 %, Bonferroni over the pairs).
 */
export function confusable(findings: Findings): Diagnosis[] {
  const pairs = pairsOf(findings);
  const z = normalTail(0.005 / pairs.length);
  return pairs
    .map((pair) => ({ pair, half: (0.5 + elsewhere(pairs, pair)) / 2 }))
    .filter(({ pair, half }) => pair.count > 0 && wilson(pair.right, pair.count, z)[1] < half)
    .map(({ pair, half }) => toDiagnosis(findings, pair, half));
}

function toDiagnosis(
  { classNames, ids, wording }: Findings,
  { a, b, count, right, swapped }: Pair,
  half: number,
): Diagnosis {
  const [first, second] = [classNames[a] as string, classNames[b] as string];
  const accuracy = right / count;
  return {
    code: 'confusable-categories',
    blames: 'data',
    severity: 'high',
    message: `${first} and ${second} cannot be told apart: between the two, ${percent(accuracy)} of ${count} ${wording.many} are right, where a coin toss gives 50 % and the other pairs ${percent(2 * half - 0.5)}.`,
    evidence: { accuracy, pictures: count, swapped: swapped.length, elsewhere: 2 * half - 0.5 },
    fix: `Join ${first} and ${second}, or say more narrowly what each is; the examples show what was taken for what.`,
    categories: [first, second],
    examples: swapped.slice(0, EXAMPLES).map((row) => ids[row] as string),
  };
}

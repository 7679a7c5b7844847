import { differenceInterval, wilson } from '../metrics/index.js';
import { WANTED } from '../learning-curve/outlook.js';
import { percent, predictionsOf, rowsWhere, shareOf, tallyRows, type Findings } from './evidence.js';
import type { Diagnosis } from './types.js';

/** 99 %, two-sided. */
const SURE = 2.576;

/** What held-out pictures were taken for. */
type Answers = Pick<Findings, 'wording' | 'classNames' | 'y' | 'heldOut'>;

const countsOf = ({ y, classNames }: Answers): number[] =>
  classNames.map((_, label) => y.reduce((sum, value) => sum + (value === label ? 1 : 0), 0));

/** 99.9 % quantile of chi-square, by the cube-root approximation of Wilson and Hilferty (1931). */
const chiSquareLimit = (freedom: number): number =>
  freedom * (1 - 2 / (9 * freedom) + 3.09 * Math.sqrt(2 / (9 * freedom))) ** 3;

/** Counts that chance alone would not make of equal shares. */
function differ(counts: readonly number[]): boolean {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const statistic = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return statistic > chiSquareLimit(counts.length - 1);
}

/** Categories that have more pictures than one, beyond chance: only they can draw its pictures by being more. */
const largerThan = (label: number, counts: readonly number[]): ReadonlySet<number> => {
  const own = counts[label] as number;
  const larger = [...counts.keys()].filter((other) => {
    const count = counts[other] as number;
    return count > own && differ([own, count]);
  });
  return new Set(larger);
};

/**
 * A category with fewer pictures than the others that is recognised less for it: the counts differ beyond chance, its recall is lower than that of
 * the others beyond chance (99 %), and its pictures go to larger ones more often than theirs come to it. What it exchanges with categories of
 * its own size has another reason, and does not count.
 *
 * @param explained categories that are known to lose their pictures for another reason
 */
export function unbalanced(findings: Answers, explained: ReadonlySet<string>): Diagnosis[] {
  const counts = countsOf(findings);
  if (!differ(counts)) return [];
  const { y, classNames } = findings;
  const { labels, correct } = predictionsOf(findings);
  const mean = y.length / counts.length;
  return classNames.flatMap((name, label) => {
    const count = counts[label] as number;
    if (count >= mean || explained.has(name)) return [];
    const larger = largerThan(label, counts);
    const drawn = (row: number): boolean => larger.has(labels[row] as number);
    const own = tallyRows(
      correct,
      rowsWhere(y, (row) => y[row] === label && (labels[row] === label || drawn(row))),
    );
    const others = tallyRows(
      correct,
      rowsWhere(y, (row) => y[row] !== label),
    );
    const [, upper] = differenceInterval(own, others, SURE);
    const lost = own.count - own.correct;
    const gained = rowsWhere(y, (row) => larger.has(y[row] as number) && labels[row] === label).length;
    const [leastLost] = wilson(lost, lost + gained);
    if (upper >= 0 || leastLost <= 0.5) return [];
    const recall = own.correct / count;
    return [imbalance(findings, name, { count, mean, recall, others: shareOf(others), lost, gained })];
  });
}

function imbalance(
  { wording: { many, moreFrom } }: Answers,
  name: string,
  numbers: Record<'count' | 'mean' | 'recall' | 'others' | 'lost' | 'gained', number>,
): Diagnosis {
  const { count, mean, recall, others, lost, gained } = numbers;
  const missing = Math.ceil(mean - count);
  return {
    code: 'unbalanced-pictures',
    blames: 'data',
    severity: 'high',
    message: `${name} has ${count} ${many}, the categories have ${mean.toFixed(0)} on average, and it is recognised in ${percent(recall)} of cases where the others are in ${percent(others)}: ${lost} of its ${many} went to larger categories, ${gained} of theirs came to it.`,
    evidence: { pictures: count, mean, recall, recallOfOthers: others, lost, gained },
    fix: `Add about ${missing} ${many} of ${name}: ${moreFrom}.`,
    categories: [name],
    examples: [],
  };
}

/**
 * Too few pictures altogether: twice as many would surely (95 %) bring two points, or there are so few that neither the accuracy nor
 * its growth can be told.
 */
export function tooFew(findings: Findings): Diagnosis[] {
  const { curve, y, classNames, wording } = findings;
  const blurred = unmeasurable(findings);
  if (curve === null) return blurred ? [blurred] : [];
  const [now, doubled] = [1, 2].map((factor) => curve.forecast.find((one) => one.factor === factor));
  const perCategory = y.length / classNames.length;
  if (!now || !doubled) return [noCurve(findings, perCategory)];
  if (blurred) return [blurred];
  if (curve.doubling === null || curve.doubling.interval[0] < WANTED) return [];
  const { gain, interval } = curve.doubling;
  return [
    {
      code: 'too-few-pictures',
      blames: 'data',
      severity: gain >= 2 * WANTED ? 'high' : 'medium',
      message: `With ${perCategory.toFixed(0)} ${wording.many} a category the accuracy is still climbing: twice as many would bring about ${(gain * 100).toFixed(1)} points, ${(interval[0] * 100).toFixed(1)} at least.`,
      evidence: { perCategory, gain, least: interval[0], accuracy: now.accuracy, doubled: doubled.accuracy },
      fix: curve.more
        ? curve.text
        : `Add ${wording.many}: aim at ${Math.ceil(2 * perCategory)} a category, then look again.`,
      categories: [],
      examples: [],
    },
  ];
}

/** The widest half of a 95 % interval at which an accuracy still says something. */
const WIDEST = 0.1;

/** So few pictures in all that not even the accuracy is known. */
export function unmeasurable(findings: Answers): Diagnosis | null {
  const { correct } = predictionsOf(findings);
  const perCategory = correct.length / findings.classNames.length;
  const { many } = findings.wording;
  const all = tallyRows(correct, [...correct.keys()]);
  const [low, high] = wilson(all.correct, all.count);
  if ((high - low) / 2 <= WIDEST) return null;
  const share = shareOf(all);
  const needed = Math.ceil((share * (1 - share) * (1.96 / WIDEST) ** 2) / findings.classNames.length);
  return {
    code: 'too-few-pictures',
    blames: 'data',
    severity: 'high',
    message: `With ${all.count} ${many} to learn from, ${perCategory.toFixed(0)} a category, not even the accuracy is known: it lies between ${percent(low)} and ${percent(high)} (95 %).`,
    evidence: { perCategory, pictures: all.count, accuracy: share, low, high },
    fix: `Add ${many}: from about ${Math.max(needed, Math.ceil(2 * perCategory))} a category on it is known to ${WIDEST * 100} points, and a curve tells how many more would help.`,
    categories: [],
    examples: [],
  };
}

function noCurve({ classNames, y, wording: { many } }: Findings, perCategory: number): Diagnosis {
  const counts = classNames.map((_, label) => y.filter((value) => value === label).length);
  const least = Math.min(...counts);
  const name = classNames[counts.indexOf(least)] as string;
  return {
    code: 'too-few-pictures',
    blames: 'data',
    severity: 'high',
    message: `${name} has ${least} ${many} to learn from: too few even to see how the accuracy grows with more.`,
    evidence: { perCategory, least },
    fix: `Add ${many} until each category has 30 or more, then look again.`,
    categories: classNames.filter((_, label) => (counts[label] as number) === least),
    examples: [],
  };
}

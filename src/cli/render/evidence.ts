import type { Report } from '../../http/api.js';
import { wordings } from '../../modalities/modality.js';
import { printable } from './format.js';

type Diagnosis = Report['diagnosis'][number];

const MARKS: Readonly<Record<Diagnosis['severity'], string>> = { high: '!!', medium: '!' };

/** Categories that would gain most from fewer pictures than the whole set needs, in a phrase each. */
const CATEGORIES_SHOWN = 3;

function categoryLine({ categories }: NonNullable<Report['learningCurve']>): string[] {
  const known = categories
    .flatMap(({ category, more }) => (more ? [{ category, pictures: more.pictures }] : []))
    .sort((a, b) => a.pictures - b.pictures)
    .slice(0, CATEGORIES_SHOWN);
  if (known.length === 0) return [];
  const phrases = known.map(({ category, pictures }) => `${category} ${pictures}`);
  return [`  for +2 points of its own recall: ${phrases.join(', ')}`];
}

function backtestPhrase({ backtest }: NonNullable<Report['learningCurve']>, many: string): string {
  if (!backtest) return '';
  const { upTo, at, error } = backtest;
  return ` (backtest: from ${upTo.toFixed(0)} ${many} the accuracy at ${at.toFixed(0)} was foretold to ${Math.abs(error * 100).toFixed(1)} points)`;
}

/** How much more data would help, in one or two lines; none for a run of an older version. */
export function renderLearningCurve({
  learningCurve,
  modality,
}: Pick<Report, 'learningCurve' | 'modality'>): string[] {
  if (!learningCurve) return [];
  return [
    `More data: ${learningCurve.text}${backtestPhrase(learningCurve, wordings[modality].many)}`,
    ...categoryLine(learningCurve),
  ].map(printable);
}

/** What is wrong and what to do about it, the worst first. */
export function renderDiagnosis({
  diagnosis,
  learningCurve,
  modality,
}: Pick<Report, 'diagnosis' | 'learningCurve' | 'modality'>): string[] {
  if (!learningCurve) return [];
  if (diagnosis.length === 0)
    return [`Diagnosis: nothing wrong with ${wordings[modality].many}, backbone or head.`];
  const lines = diagnosis.flatMap(({ severity, blames, message, fix }) => [
    `  ${MARKS[severity]} ${blames}: ${message}`,
    `     -> ${fix}`,
  ]);
  return ['Diagnosis:', ...lines].map(printable);
}

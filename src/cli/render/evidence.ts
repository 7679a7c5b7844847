import type { Report } from '../../http/api.js';
import { wordings } from '../../modalities/modality.js';
import { percent, points, printable } from './format.js';
import { renderTable, truncate, type Column } from './table.js';

type Diagnosis = Report['diagnosis'][number];

const MARKS: Readonly<Record<Diagnosis['severity'], string>> = { high: '!!', medium: '!' };

type Curve = NonNullable<Report['learningCurve']>;
type CategoryOutlook = Curve['categories'][number];

const CATEGORIES_SHOWN = 12;
const CATEGORY_CELLS = 30;

/** What there is to gain, the cheapest first; then what nobody can say, and what would gain nothing. */
const PLACES: Readonly<Record<CategoryOutlook['verdict'], number>> = {
  'more-helps': 0,
  'cannot-say': 1,
  enough: 2,
};
const byGain = (a: CategoryOutlook, b: CategoryOutlook): number =>
  PLACES[a.verdict] - PLACES[b.verdict] || (a.more?.pictures ?? 0) - (b.more?.pictures ?? 0);

function wantedCell({ more, verdict }: CategoryOutlook): string {
  if (!more) return verdict === 'enough' ? 'more would hardly help' : 'cannot say yet';
  const [low, high] = more.interval;
  return `about ${more.pictures} more (${high === null ? `${low} or more` : `${low} to ${high}`})`;
}

function categoryRow(one: CategoryOutlook): string[] {
  return [
    truncate(one.category, CATEGORY_CELLS),
    String(one.pictures),
    one.recall === null ? '–' : percent(one.recall),
    wantedCell(one),
    one.backtest ? `${points(one.backtest.error)} points` : '–',
  ];
}

/** For each category what two points more of its recall would take; of many categories those that gain most. */
function categoryLines({ categories }: Curve, many: string): string[] {
  const columns: Column[] = [
    { title: 'category' },
    { title: many, align: 'right' },
    { title: 'recall', align: 'right' },
    { title: 'for +2 points of recall (80 % band)' },
    { title: 'backtest error', align: 'right' },
  ];
  const shown = categories.toSorted(byGain).slice(0, CATEGORIES_SHOWN);
  const left = categories.length - shown.length;
  return [
    ...renderTable(columns, shown.map(categoryRow)).split('\n'),
    ...(left > 0 ? [`and ${left} more: in the dashboard and with --json`] : []),
  ].map((line) => `  ${line}`);
}

function backtestPhrase({ backtest }: Curve, many: string): string {
  if (!backtest) return '';
  const { upTo, at, error } = backtest;
  return ` (backtest: from ${upTo.toFixed(0)} ${many} the accuracy at ${at.toFixed(0)} was foretold to ${Math.abs(error * 100).toFixed(1)} points)`;
}

/** How much more data would help, of all and of each category; nothing for a run of an older version. */
export function renderLearningCurve({
  learningCurve,
  modality,
}: Pick<Report, 'learningCurve' | 'modality'>): string[] {
  if (!learningCurve) return [];
  const { many } = wordings[modality];
  return [
    `More data: ${learningCurve.text}${backtestPhrase(learningCurve, many)}`,
    ...categoryLines(learningCurve, many),
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

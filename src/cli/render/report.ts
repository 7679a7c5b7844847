import { isPlainTap, isTogether, memberIds, tapIds, type Wording } from '../../../zoo/index.js';
import type { Report } from '../../http/api.js';
import { wordings } from '../../modalities/modality.js';
import type { ModelSummary } from '../../runs/run.js';
import { renderDiagnosis, renderLearningCurve } from './evidence.js';
import { bytes, interval, parameters, percent, plural, printable, quantity, shortTap } from './format.js';
import { renderSelection } from './selection.js';
import { renderTable, truncate, type Column } from './table.js';

const LEADERBOARD_ROWS = 10;
const PARAMS_CELLS = 24;

type Trial = Report['trials'][number];
type Coordinates = Pick<Trial, 'backbone' | 'tap' | 'head' | 'params'>;

const keyOf = ({ backbone, tap, head, params }: Coordinates): string =>
  JSON.stringify([backbone, tap, head, Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1))]);

/** Best first; among equals the one with fewer weights. */
const ranked = (trials: readonly Trial[]): Trial[] =>
  [...trials].sort(
    (a, b) => b.validation.accuracy - a.validation.accuracy || a.cost.totalParams - b.cost.totalParams,
  );

const milliseconds = (value: number | null): string => (value === null ? '–' : `${value.toFixed(1)} ms`);

const FRONT = '◇ on the Pareto front: no other trial is at least as accurate, fast and small';

const leaderboardColumns = ({ one }: Wording): readonly Column[] => [
  { title: '#', align: 'right' },
  { title: 'backbone' },
  { title: 'tap' },
  { title: 'head' },
  { title: 'params' },
  { title: 'validation (95 % interval)', align: 'right' },
  { title: 'trained', align: 'right' },
  { title: 'weights', align: 'right' },
  { title: `a ${one}`, align: 'right' },
  { title: 'file', align: 'right' },
  { title: '' },
];

/** Backbone and tap, short enough for a table: of an ensemble its surest member and how much else there is. */
function placeOf({ backbone, tap }: Coordinates): string[] {
  const [first = backbone, ...others] = memberIds(backbone);
  if (others.length === 0) return [first, shortTap(tap)];
  return [`${first} and ${others.length} more`, plural(tapIds(tap).length, 'tap')];
}

function leaderboardRow(trial: Trial, place: number, chosen: boolean): string[] {
  const { validation, cost } = trial;
  return [
    `${chosen ? '* ' : ''}${place}`,
    ...placeOf(trial),
    trial.head,
    truncate(parameters(trial.params), PARAMS_CELLS),
    `${percent(validation.accuracy)} (${interval(validation.interval)})`,
    quantity(cost.trainableParams),
    quantity(cost.totalParams),
    milliseconds(cost.latencyMs),
    cost.bytes === null ? '–' : bytes(cost.bytes),
    trial.pareto ? '◇' : '',
  ];
}

/** Why the chosen trial and not the most accurate one: trials that tie go by log loss, then by price; several backbones must clearly pay. */
function whyChosen([best]: readonly Trial[], chosen: Trial): string {
  const { cost } = chosen;
  if (best && isTogether(best) && !isTogether(chosen))
    return 'several backbones together are not surely better, and cost more';
  const cheaper =
    (cost.flops ?? 0) < (best?.cost.flops ?? 0) || cost.totalParams < (best?.cost.totalParams ?? 0);
  return `it ties with the best within the noise, and ${cheaper ? 'is cheaper' : 'is surer of its answers'}`;
}

/** The best trials, and the chosen one wherever it stands (marked with a star). */
export function renderLeaderboard({
  trials,
  selected,
  modality,
}: Pick<Report, 'trials' | 'selected' | 'modality'>): string {
  const order = ranked(trials);
  const chosen = keyOf(selected);
  const rows = order
    .map((trial, i) => ({ trial, place: i + 1, chosen: keyOf(trial) === chosen }))
    .filter((row) => row.place <= LEADERBOARD_ROWS || row.chosen);
  const heading = `Leaderboard (${Math.min(LEADERBOARD_ROWS, order.length)} of ${plural(order.length, 'trial')}, best validation accuracy first)`;
  const table = renderTable(
    leaderboardColumns(wordings[modality]),
    rows.map((row) => leaderboardRow(row.trial, row.place, row.chosen)),
  );
  const picked = rows.find((row) => row.chosen && row.place > 1);
  const star = picked ? `* chosen: ${whyChosen(order, picked.trial)}` : '* chosen';
  const front = rows.some(({ trial }) => trial.pareto);
  return [heading, '', table, star, ...(front ? [FRONT] : [])].join('\n');
}

const trunkParams = ({ cost }: Trial): number => cost.totalParams - cost.trainableParams;

/**
 * The best trial that reads the chosen backbone at its end: what plain transfer learning would have given. The end is the
 * tap with the most trunk weights below it. Null when no such trial was made, or where all taps are equally deep.
 */
export function bestAtLastTap({ trials, selected }: Pick<Report, 'trials' | 'selected'>): Trial | null {
  const same = trials.filter((trial) => trial.backbone === selected.backbone);
  const depths = same.map(trunkParams);
  const deepest = Math.max(...depths);
  if (new Set(same.map(({ tap }) => tap)).size > 1 && deepest === Math.min(...depths)) return null;
  const atEnd = same.filter((trial) => trunkParams(trial) === deepest && isPlainTap(trial.tap));
  return ranked(atEnd)[0] ?? null;
}

function lastTapLine(report: Report): string | null {
  const last = bestAtLastTap(report);
  if (!last) return null;
  if (last.tap === report.selected.tap)
    return `Last tap: the chosen model reads ${last.backbone} at its end (${last.tap}).`;
  const points = (report.selected.validation.accuracy - last.validation.accuracy) * 100;
  const gain =
    points >= 0 ? `${points.toFixed(1)} points better` : `${(-points).toFixed(1)} points worse, but cheaper`;
  return `Last tap: ${last.backbone} read at its end (${last.tap}, ${last.head}) gives ${percent(last.validation.accuracy)} validation accuracy; the chosen tap is ${gain}.`;
}

const chosenLine = (selected: ModelSummary): string =>
  `Chosen: ${selected.backbone}, tap ${selected.tap}, head ${selected.head} (${parameters(selected.params)}): ` +
  `${quantity(selected.cost.trainableParams)} weights trained of ${quantity(selected.cost.totalParams)}.`;

const testLine = ({ selected: { test }, modality }: Report): string =>
  `Test accuracy: ${percent(test.accuracy)} (95 % interval ${interval(test.interval)}) on ${plural(test.count, wordings[modality].one)} that no trial has seen.`;

/** Counts of what was found, kept and dropped by reason, most frequent reason first. */
export function renderCounts({ counts, modality }: Pick<Report, 'counts' | 'modality'>): string {
  const reasons = Object.entries(counts.dropped).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const dropped = reasons.reduce((sum, [, count]) => sum + count, 0);
  const rows: [string, number][] = [
    ['found', counts.candidates],
    ['fetched', counts.fetched],
    ['kept', counts.kept],
    ['dropped', dropped],
    ...reasons.map(([reason, count]): [string, number] => [`  ${reason}`, count]),
  ];
  return renderTable(
    [{ title: wordings[modality].many }, { title: 'count', align: 'right' }],
    rows.map(([what, count]) => [what, String(count)]),
  );
}

const WHY_SHORT = {
  exhausted: 'every provider is exhausted',
  failed: 'every provider failed',
  limit: 'the rounds of search are over',
};

/** A line for each category that stayed short of its target, and one for each provider that failed. */
function renderSearch(search: Report['search']): string[] {
  const short = search.flatMap(({ category, kept, wanted, stoppedBecause }) =>
    stoppedBecause === null || stoppedBecause === 'enough'
      ? []
      : [`Short: ${category} has ${kept} of ${wanted} pictures: ${WHY_SHORT[stoppedBecause]}.`],
  );
  const failures = search.flatMap(({ providers }) =>
    providers.flatMap(({ state, reason }) => (state === 'failed' && reason !== null ? [reason] : [])),
  );
  return [...short, ...new Set(failures)].map(printable);
}

/** What the copies would have done to the accuracy, had they not been found. */
function renderLeak(leak: Report['leakDelta']): string[] {
  if (leak === null) return [];
  const { grouped, ungrouped, copies } = leak;
  return [
    `Leak: with ${plural(copies, 'copy', 'copies')} on both sides of the split a plain model looks ${percent(ungrouped)} right instead of ${percent(grouped)}.`,
  ];
}

export interface ReportExtras {
  /** Folder of the package, as the person sees it. */
  packageDir: string;
  /** Commands to type next. */
  next: readonly string[];
}

/** All that a person wants to know at the end of a build. */
export function renderReport(report: Report, { packageDir, next }: ReportExtras): string {
  const { selected, split } = report;
  const sentences = [chosenLine(selected), lastTapLine(report), testLine(report)].filter(
    (line) => line !== null,
  );
  return [
    renderLeaderboard(report),
    '',
    ...sentences,
    ...renderSelection(report),
    ...renderLearningCurve(report),
    ...renderDiagnosis(report),
    '',
    renderCounts(report),
    ...renderSearch(report.search),
    `Split: ${split.train} train, ${split.validation} validation, ${split.test} test.`,
    ...renderLeak(report.leakDelta),
    '',
    `Package: ${packageDir}`,
    'Next:',
    ...next.map((command) => `  ${command}`),
  ].join('\n');
}

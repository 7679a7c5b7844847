import { isPlainTap } from '../../../zoo/index.js';
import type { Report } from '../../http/api.js';
import { wordings } from '../../modalities/modality.js';
import type { ModelSummary } from '../../runs/run.js';
import { renderDiagnosis, renderLearningCurve } from './evidence.js';
import { interval, parameters, percent, plural, printable, quantity } from './format.js';
import { ranked, renderLeaderboard, type Trial } from './leaderboard.js';
import { renderSelection } from './selection.js';
import { renderTable } from './table.js';

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

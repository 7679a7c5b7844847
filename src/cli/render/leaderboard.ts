import { isTogether, memberIds, tapIds, type Wording } from '../../../zoo/index.js';
import type { Report } from '../../http/api.js';
import { wordings } from '../../modalities/modality.js';
import type { SelectionView } from '../../runs/selection.js';
import { bytes, interval, parameters, percent, plural, quantity, shortTap } from './format.js';
import { renderTable, truncate, type Column } from './table.js';

const LEADERBOARD_ROWS = 10;
const PARAMS_CELLS = 24;

export type Trial = Report['trials'][number];
type Coordinates = Pick<Trial, 'backbone' | 'tap' | 'head' | 'params'>;
type Floor = SelectionView['floor'][number];

const keyOf = ({ backbone, tap, head, params }: Coordinates): string =>
  JSON.stringify([backbone, tap, head, Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1))]);

/** Best first; among equals the one with fewer weights. */
export const ranked = (trials: readonly Trial[]): Trial[] =>
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

const scoreCell = ({ accuracy, interval: band }: Trial['validation']): string =>
  `${percent(accuracy)} (${interval(band)})`;

function leaderboardRow(trial: Trial, place: number, chosen: boolean): string[] {
  const { validation, cost } = trial;
  return [
    `${chosen ? '* ' : ''}${place}`,
    ...placeOf(trial),
    trial.head,
    truncate(parameters(trial.params), PARAMS_CELLS),
    scoreCell(validation),
    quantity(cost.trainableParams),
    quantity(cost.totalParams),
    milliseconds(cost.latencyMs),
    cost.bytes === null ? '–' : bytes(cost.bytes),
    trial.pareto ? '◇' : '',
  ];
}

/** A row that has no head and whose cost nobody measured. */
function floorRow({ kind, tap, validation }: Floor): string[] {
  const what = kind === 'majority-class' ? 'majority guess' : 'random weights';
  return ['floor', what, tap ?? '–', '–', '–', scoreCell(validation), '–', '–', '–', '–', ''];
}

const floorName = ({ kind, backbone }: Floor): string =>
  kind === 'majority-class' ? 'always the most frequent category' : `random weights (${backbone})`;

/** What the rows of the floor are. */
const floorLegend = (floor: readonly Floor[]): string =>
  `floor: what needs no pretrained network: ${floor.map(floorName).join('; ')}`;

/** Why the chosen trial and not the most accurate one: trials that tie go by log loss, then by price; several backbones must clearly pay. */
function whyChosen([best]: readonly Trial[], chosen: Trial): string {
  const { cost } = chosen;
  if (best && isTogether(best) && !isTogether(chosen))
    return 'several backbones together are not surely better, and cost more';
  const cheaper =
    (cost.flops ?? 0) < (best?.cost.flops ?? 0) || cost.totalParams < (best?.cost.totalParams ?? 0);
  return `it ties with the best within the noise, and ${cheaper ? 'is cheaper' : 'is surer of its answers'}`;
}

/** The best trials, the chosen one wherever it stands (marked with a star), and the floor below them. */
export function renderLeaderboard({
  trials,
  selected,
  selection,
  modality,
}: Pick<Report, 'trials' | 'selected' | 'selection' | 'modality'>): string {
  const order = ranked(trials);
  const chosen = keyOf(selected);
  const floor = selection?.floor ?? [];
  const rows = order
    .map((trial, i) => ({ trial, place: i + 1, chosen: keyOf(trial) === chosen }))
    .filter((row) => row.place <= LEADERBOARD_ROWS || row.chosen);
  const heading = `Leaderboard (${Math.min(LEADERBOARD_ROWS, order.length)} of ${plural(order.length, 'trial')}, best validation accuracy first)`;
  const table = renderTable(leaderboardColumns(wordings[modality]), [
    ...rows.map((row) => leaderboardRow(row.trial, row.place, row.chosen)),
    ...floor.map(floorRow),
  ]);
  const picked = rows.find((row) => row.chosen && row.place > 1);
  const legends = [
    picked ? `* chosen: ${whyChosen(order, picked.trial)}` : '* chosen',
    ...(rows.some(({ trial }) => trial.pareto) ? [FRONT] : []),
    ...(floor.length > 0 ? [floorLegend(floor)] : []),
  ];
  return [heading, '', table, ...legends].join('\n');
}

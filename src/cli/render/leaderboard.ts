import { isTogether, memberIds, tapIds } from '../../../zoo/index.js';
import type { Report } from '../../http/api.js';
import { wordings } from '../../modalities/modality.js';
import type { SelectionView } from '../../runs/selection.js';
import { bytes, percent, plural, quantity } from './format.js';
import { renderTable, truncate, type Column } from './table.js';

const LEADERBOARD_ROWS = 10;
/** What leaves a line of 120 cells for all columns together. */
const BACKBONE_CELLS = 19;

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

const orDash = (value: number | null, show: (value: number) => string): string =>
  value === null ? '–' : show(value);

const milliseconds = (value: number): string => `${value.toFixed(value < 100 ? 1 : 0)} ms`;

const BESIDE = '+N: and N others, read side by side';
const FRONT = '◇ on the Pareto front: no other trial is at least as accurate, fast and small';

const COLUMNS: readonly Column[] = [
  { title: '#', align: 'right' },
  { title: 'backbone' },
  { title: 'tap' },
  { title: 'head' },
  { title: 'validation (95 %)', align: 'right' },
  { title: 'trained', align: 'right' },
  { title: 'weights', align: 'right' },
  { title: 'ops', align: 'right' },
  { title: 'time', align: 'right' },
  { title: 'file', align: 'right' },
];

/** `block-14 +7`: one of several, and how many others. */
const among = (one: string, others: number): string => (others > 0 ? `${one} +${others}` : one);

/** Backbone and tap, short enough for a table: of an ensemble its surest member, of taps side by side the deepest, and how many others. */
function placeOf({ backbone, tap }: Coordinates): string[] {
  const [first = backbone, ...others] = memberIds(backbone);
  const suffix = among('', others.length);
  const name = truncate(first, BACKBONE_CELLS - suffix.length) + suffix;
  const taps = tapIds(tap);
  if (others.length > 0) return [name, plural(taps.length, 'tap')];
  return [name, among(taps.at(-1) ?? tap, taps.length - 1)];
}

function scoreCell({ accuracy, interval: [low, high] }: Trial['validation']): string {
  return `${percent(accuracy)} (${(low * 100).toFixed(1)}–${(high * 100).toFixed(1)})`;
}

/** Short enough for a table: 3e-5. */
const strengthOf = (value: number): string => (value < 0.001 ? value.toExponential(0) : String(value));

/** A head with its main settings: the strength of a linear one, units and layers of a perceptron; the others would not fit. */
function headOf({ head, params: { strength, hidden, layers } }: Coordinates): string {
  if (strength !== undefined) return `${head} ${strengthOf(Number(strength))}`;
  return hidden === undefined ? head : `${head} ${hidden}x${layers ?? 1}`;
}

function leaderboardRow(trial: Trial, place: number, chosen: boolean): string[] {
  const { validation, cost } = trial;
  return [
    `${chosen ? '*' : ''}${trial.pareto ? '◇' : ''} ${place}`,
    ...placeOf(trial),
    headOf(trial),
    scoreCell(validation),
    quantity(cost.trainableParams),
    quantity(cost.totalParams),
    orDash(cost.flops, quantity),
    orDash(cost.latencyMs, milliseconds),
    orDash(cost.bytes, bytes),
  ];
}

const COST_UNKNOWN = ['–', '–', '–', '–', '–'];

/** A row that has no head and whose cost nobody measured. */
function floorRow({ kind, tap, validation }: Floor): string[] {
  const what = kind === 'majority-class' ? 'majority guess' : 'random weights';
  return ['floor', what, tap ?? '–', '–', scoreCell(validation), ...COST_UNKNOWN];
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
  const price = `ops: operations, and time, for a ${wordings[modality].one}`;
  const floor = selection?.floor ?? [];
  const rows = order
    .map((trial, i) => ({ trial, place: i + 1, chosen: keyOf(trial) === chosen }))
    .filter((row) => row.place <= LEADERBOARD_ROWS || row.chosen);
  const heading = `Leaderboard (${Math.min(LEADERBOARD_ROWS, order.length)} of ${plural(order.length, 'trial')}, best validation accuracy first; ${price})`;
  const table = renderTable(COLUMNS, [
    ...rows.map((row) => leaderboardRow(row.trial, row.place, row.chosen)),
    ...floor.map(floorRow),
  ]);
  const picked = rows.find((row) => row.chosen && row.place > 1);
  const legends = [
    picked ? `* chosen: ${whyChosen(order, picked.trial)}` : '* chosen',
    ...(rows.some(({ trial }) => trial.pareto) ? [FRONT] : []),
    ...(rows.some(({ trial }) => tapIds(trial.tap).length > 1) ? [BESIDE] : []),
    ...(floor.length > 0 ? [floorLegend(floor)] : []),
  ];
  return [heading, '', table, ...legends].join('\n');
}

import type { Amount } from './rounds.js';
import type { Picked } from './contest.js';
import { DEVELOP } from './photo-set.js';
import type { UsualScript } from './sklearn-peer.js';
import type { PeerScore } from './teachable-peer.js';

/** What is chosen when something is asked for. */
export interface OptionPicks {
  /** With several backbones as one network like any other trial, across sizes too. */
  readonly together: Picked;
  /** One backbone, with pictures also seen mirrored, and their centre. */
  readonly augmented: Picked;
  /** With taps read by their mean alone. */
  readonly meansAlone: Picked;
}

/** One zoo on one set, with one amount and seed. Accuracies are on the test part. */
export interface RoundResult {
  readonly zoo: string;
  readonly set: string;
  readonly amount: Amount;
  readonly seed: number;
  readonly learnt: number;
  readonly tested: number;
  readonly taps: number;
  readonly backbones: number;
  /** As `graft build` does unless told otherwise. */
  readonly pick: Picked;
  /** One backbone, though several together be worth it. */
  readonly single: Picked;
  /** Null where it was not asked what options bring. */
  readonly options: OptionPicks | null;
  /** The backbone of `single`, read at its end. */
  readonly lastTap: number;
  readonly fixed: Readonly<Record<string, number>>;
  /** The best tap by the test part itself. */
  readonly oracle: number;
  /** The same, chosen by one half of the test part and scored on the other. */
  readonly crossedOracle: number;
  readonly teachable: PeerScore;
  /** Null where it was left out. */
  readonly script: UsualScript | null;
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean with its standard error over the rounds. */
function spread(values: readonly number[]): { mean: number; error: number } {
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return {
    mean: centre,
    error: values.length > 1 ? Math.sqrt(squares / (values.length - 1) / values.length) : NaN,
  };
}

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** Means of one group of rounds. */
function line(rounds: readonly RoundResult[]) {
  const of = (value: (round: RoundResult) => number): number => mean(rounds.map(value));
  const ids = distinct(rounds.flatMap(({ fixed }) => Object.keys(fixed)));
  const fixed = Object.fromEntries(ids.map((id) => [id, of((round) => round.fixed[id] as number)]));
  const [bestFixed] = Object.entries(fixed).sort((a, b) => b[1] - a[1]);
  return {
    rounds: rounds.length,
    pick: of(({ pick }) => pick.accuracy),
    single: of(({ single }) => single.accuracy),
    worthGain: spread(rounds.map(({ single, pick }) => pick.accuracy - single.accuracy)),
    options: optionsOf(rounds),
    lastTap: of(({ lastTap }) => lastTap),
    bestFixed: { backbone: bestFixed?.[0] ?? '', accuracy: bestFixed?.[1] ?? NaN },
    fixed,
    teachable: of(({ teachable }) => teachable.accuracy),
    oracle: of(({ oracle }) => oracle),
    crossedOracle: of(({ crossedOracle }) => crossedOracle),
    lastTapGain: spread(rounds.map(({ single, lastTap }) => single.accuracy - lastTap)),
    regret: spread(rounds.map(({ oracle, pick }) => oracle - pick.accuracy)),
    crossedRegret: spread(rounds.map(({ crossedOracle, pick }) => crossedOracle - pick.accuracy)),
    script: scriptOf(rounds),
    searchMs: of(({ pick }) => pick.searchMs + pick.selectMs),
    teachableMs: of(({ teachable }) => teachable.trainMs),
  };
}

/** What options bring, on the rounds in which that was asked. */
function optionsOf(rounds: readonly RoundResult[]) {
  const asked = rounds.flatMap((round) => (round.options ? [{ ...round, ...round.options }] : []));
  if (asked.length === 0) return null;
  const of = (value: (round: (typeof asked)[number]) => number): number => mean(asked.map(value));
  return {
    together: of(({ together }) => together.accuracy),
    augmented: of(({ augmented }) => augmented.accuracy),
    meansAlone: of(({ meansAlone }) => meansAlone.accuracy),
    togetherRegret: spread(asked.map(({ oracle, together }) => oracle - together.accuracy)),
    augmentedGain: spread(asked.map(({ augmented, single }) => augmented.accuracy - single.accuracy)),
    gemGain: spread(asked.map(({ meansAlone, pick }) => pick.accuracy - meansAlone.accuracy)),
  };
}

/** The usual script beside Graft on the rounds in which it ran. */
function scriptOf(rounds: readonly RoundResult[]): {
  rounds: number;
  accuracy: number;
  fitMs: number;
  pick: number;
} {
  const ran = rounds.flatMap(({ script, pick }) => (script ? [{ ...script, pick: pick.accuracy }] : []));
  const of = (value: (one: (typeof ran)[number]) => number): number => mean(ran.map(value));
  return {
    rounds: ran.length,
    accuracy: of((one) => one.accuracy),
    fitMs: of(({ fitMs }) => fitMs),
    pick: of(({ pick }) => pick),
  };
}

type Line = ReturnType<typeof line>;

const groupsOf = (
  rounds: readonly RoundResult[],
): { zoo: string; set: string; amount: string; own: RoundResult[] }[] =>
  distinct(rounds.map(({ zoo }) => zoo)).flatMap((zoo) => {
    const inZoo = rounds.filter((round) => round.zoo === zoo);
    const cells = distinct(inZoo.map(({ set, amount }) => `${set}/${amount ?? 'all'}`)).map((key) => {
      const own = inZoo.filter(({ set, amount }) => `${set}/${amount ?? 'all'}` === key);
      const [set = '', amount = ''] = key.split('/');
      return { zoo, set, amount, own };
    });
    const reported = inZoo.filter(({ set }) => !DEVELOP.some((name) => name === set));
    return [
      ...cells,
      { zoo, set: 'report sets', amount: 'each', own: reported },
      { zoo, set: 'every set', amount: 'each', own: inZoo },
    ];
  });

export function summarise(rounds: readonly RoundResult[]): {
  lines: (Line & { zoo: string; set: string; amount: string })[];
  rounds: readonly RoundResult[];
} {
  const lines = groupsOf(rounds)
    .filter(({ own }) => own.length > 0)
    .map(({ own, ...key }) => ({ ...key, ...line(own) }));
  return { lines, rounds };
}

const points = (share: number): string => (share * 100).toFixed(1);

interface Column {
  readonly title: string;
  cell(line: Line & { zoo: string; set: string; amount: string }): string;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(1);

const COLUMNS: readonly Column[] = [
  { title: 'zoo'.padEnd(11), cell: ({ zoo }) => zoo.padEnd(11) },
  { title: 'set'.padEnd(11), cell: ({ set }) => set.padEnd(11) },
  { title: 'each', cell: ({ amount }) => amount.padEnd(4) },
  { title: 'pick', cell: ({ pick }) => points(pick) },
  { title: 'single', cell: ({ single }) => points(single) },
  { title: 'last', cell: ({ lastTap }) => points(lastTap) },
  { title: 'fixed', cell: ({ bestFixed }) => points(bestFixed.accuracy) },
  { title: '(best fixed)'.padEnd(25), cell: ({ bestFixed }) => `(${bestFixed.backbone})`.padEnd(25) },
  { title: 'TM', cell: ({ teachable }) => points(teachable) },
  { title: 'oracle', cell: ({ oracle }) => points(oracle) },
  { title: 'crossed', cell: ({ crossedOracle }) => points(crossedOracle) },
  { title: 'regret', cell: ({ regret }) => points(regret.mean) },
  { title: 'search s', cell: ({ searchMs }) => seconds(searchMs) },
  { title: 'TM s', cell: ({ teachableMs }) => seconds(teachableMs) },
];

const OPTIONS: readonly Column[] = [
  { title: '&', cell: ({ options }) => points(options?.together ?? NaN) },
  { title: 'aug', cell: ({ options }) => points(options?.augmented ?? NaN) },
  { title: 'means', cell: ({ options }) => points(options?.meansAlone ?? NaN) },
  { title: '& regret', cell: ({ options }) => points(options?.togetherRegret.mean ?? NaN) },
];

/** What a person reads while the benchmark runs. */
export function tableOf(rounds: readonly RoundResult[]): string {
  const columns = rounds.some(({ options }) => options) ? [...COLUMNS, ...OPTIONS] : COLUMNS;
  const row = (cells: readonly string[]): string =>
    cells.map((cell, at) => cell.padStart(columns[at]?.title.length ?? 0)).join('  ');
  return [
    row(columns.map(({ title }) => title)),
    ...summarise(rounds).lines.map((one) => row(columns.map(({ cell }) => cell(one)))),
  ].join('\n');
}

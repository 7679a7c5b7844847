import { getHead } from '../heads/registry.js';
import { flopsOf, paramsOf, type HeadParams } from '../heads/head.js';
import { argmaxRows, fitTemperature, rowLosses, wilson, type Scores } from '../metrics/index.js';
import type { FeatureSet, Trial, TrialCost, Validation } from './types.js';

/** Among the settings of a trial: in how many ways each picture was seen that its head learnt from. */
export const LOOKS_PARAM = 'looks';

/** What a trial is about, before it is run. */
export interface TrialPlan {
  readonly set: FeatureSet;
  /** Columns of the features. */
  readonly inputs: number;
  readonly classes: number;
  readonly head: string;
  readonly params: HeadParams;
}

/** Settings of a trial: those of its head, and in how many ways it saw the pictures it learnt from, where more than one. */
const settingsOf = ({ set: { more = [] }, params }: TrialPlan): HeadParams =>
  more.length > 0 ? { ...params, [LOOKS_PARAM]: 1 + more.length } : params;

/** 'backbone/tap/head/name=value,...': the same for the same point of any search. */
export function trialId(plan: TrialPlan): string {
  const { set, head } = plan;
  const settings = Object.entries(settingsOf(plan)).map(([name, value]) => `${name}=${value}`);
  return [set.backbone, set.tap.id, head, settings.join(',')].join('/');
}

const FLOAT_BYTES = 4;

function costOf({ set, inputs, classes, head, params }: TrialPlan): TrialCost {
  const sizes = getHead(head).sizes(inputs, classes, params);
  const trainableParams = paramsOf(sizes);
  const { flops, params: trunk } = set.tap;
  // Mean and deviation of every feature go with the head.
  const bytes = set.tap.bytes + FLOAT_BYTES * (trainableParams + 2 * inputs);
  const totalParams = trunk + trainableParams;
  const latencyMs = set.latencyMs ?? null;
  return { trainableParams, totalParams, flops, headFlops: flopsOf(sizes), latencyMs, bytes };
}

function describe(plan: TrialPlan): Pick<Trial, 'id' | 'backbone' | 'tap' | 'head' | 'params' | 'cost'> {
  const { set, head } = plan;
  const at = { backbone: set.backbone, tap: set.tap.id };
  return { id: trialId(plan), ...at, head, params: settingsOf(plan), cost: costOf(plan) };
}

/** Score of held-out predictions. */
export function validationOf(logits: Scores, labels: Int32Array): Validation {
  const predicted = argmaxRows(logits);
  const correct = Uint8Array.from(labels, (label, i) => (predicted[i] === label ? 1 : 0));
  const right = correct.reduce((sum, value) => sum + value, 0);
  const count = labels.length;
  const losses = rowLosses(logits, labels, fitTemperature(logits, labels));
  const logLoss = losses.reduce((sum, value) => sum + value, 0) / Math.max(1, count);
  const interval = wilson(right, count);
  return { accuracy: right / count, interval, count, logLoss, correct, losses: Float32Array.from(losses) };
}

/** The first of several scores of the same head over the same pictures, with the losses of all: which are less noisy, and no less honest. */
export function repeatedValidation([first, ...others]: readonly Validation[]): Validation {
  if (first === undefined) throw new RangeError('There is no score to begin with.');
  if (others.length === 0) return first;
  const all = [first, ...others];
  const losses = first.losses.map((_, row) => {
    const sum = all.reduce((total, one) => total + (one.losses[row] as number), 0);
    return sum / all.length;
  });
  const logLoss = all.reduce((sum, one) => sum + one.logLoss, 0) / all.length;
  return { ...first, losses, logLoss };
}

export function completeTrial(plan: TrialPlan, validation: Validation): Trial {
  return { ...describe(plan), state: 'complete', validation, reason: null };
}

/** Why a trial was not run, or not to its end. */
export const PRUNED = {
  time: 'The time budget was used up.',
  trials: 'The limit on the number of trials was reached.',
  race: 'It was behind the linear heads after two folds.',
} as const;

export function prunedTrial(plan: TrialPlan, reason: string): Trial {
  return { ...describe(plan), state: 'pruned', validation: null, reason };
}

export function failedTrial(plan: TrialPlan, reason: string): Trial {
  return { ...describe(plan), state: 'failed', validation: null, reason };
}

/** Best first: complete ones by accuracy, then by log loss, then by cost; ties end on the id, so that the order is always the same. */
export function compareTrials(a: Trial, b: Trial): number {
  const accuracy = (trial: Trial): number => trial.validation?.accuracy ?? -1;
  return (
    accuracy(b) - accuracy(a) ||
    (a.validation?.logLoss ?? 0) - (b.validation?.logLoss ?? 0) ||
    a.cost.flops - b.cost.flops ||
    a.cost.totalParams - b.cost.totalParams ||
    (a.id < b.id ? -1 : Number(a.id > b.id))
  );
}

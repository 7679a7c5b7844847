import { getHead } from '../heads/registry.js';
import type { FittedHead } from '../heads/head.js';
import { stackRows } from '../matrix.js';
import {
  fitTemperature,
  logLoss,
  softmaxRows,
  unknownThreshold,
  type Scores,
  type UnknownThreshold,
} from '../metrics/index.js';
import { createRng } from '../rng.js';
import { crossValidate, type FoldedFeatures } from './cross-validate.js';
import { repeat, type DevRows } from './dev-rows.js';
import { startDeadline } from './limits.js';
import type { DevFeatures } from './load-set.js';
import { rotate } from './rotate.js';
import { tapSeed } from './run-search.js';
import { standardisationOf, standardise, type Standardisation } from './standardise.js';
import type { Compute } from './threads/compute.js';
import type { Trial } from './types.js';

/** A head trained on all dev rows, with what has to come before and after it. */
export interface Refit {
  readonly standardisation: Standardisation;
  /** For standardised features of the tap's own width. */
  readonly head: FittedHead;
  /** Probabilities are softmax(logits / temperature). */
  readonly temperature: number;
  /** The confidence under which to answer "unknown", from the held-out predictions. */
  readonly unknown: UnknownThreshold;
  /** Mean cross-entropy of the held-out predictions at that temperature, in nats. */
  readonly validationLogLoss: number;
  /** Logits of the dev rows by heads that were not trained on their fold. */
  readonly heldOut: Scores;
}

/** What a head is trained on once more. */
export interface FittingData {
  readonly features: DevFeatures;
  readonly dev: DevRows;
  /** Logits of the dev rows by heads that were not trained on their fold. */
  readonly heldOut: Scores;
}

/** How a head is trained once more. */
export interface Fitting {
  readonly seed: number | string;
  readonly signal?: AbortSignal;
}

/** Logits of the dev rows by a trial's head, trained on all but their own fold. */
export async function holdOut(
  folded: FoldedFeatures,
  trial: Trial,
  { seed, signal, compute }: Fitting & { readonly compute: Compute },
): Promise<Scores> {
  const deadline = startDeadline({ budgetMs: null, now: () => 0, signal });
  const training = { head: trial.head, grid: [trial.params], seed: tapSeed(seed, trial), deadline, compute };
  const [logits] = await crossValidate(folded, training);
  if (logits === undefined) throw new RangeError('One setting gives one result.');
  return logits;
}

function calibrate(logits: Scores, { y }: DevRows) {
  const temperature = fitTemperature(logits, y);
  const unknown = unknownThreshold(softmaxRows(logits, temperature), y);
  return { temperature, unknown, validationLogLoss: logLoss(logits, y, temperature), heldOut: logits };
}

/** Trains a trial's head on all dev rows; its temperature and threshold come from the held-out logits. */
export async function refit(
  { features, dev, heldOut }: FittingData,
  trial: Trial,
  { seed, signal }: Fitting,
): Promise<Refit> {
  const own = tapSeed(seed, trial);
  const { x, widths, more = [] } = features;
  const standardisation = standardisationOf(x, undefined, widths);
  const rotation = rotate(stackRows([x, ...more].map((rows) => standardise(rows, standardisation))));
  const rng = createRng(`${own}/${trial.head}/all`);
  const y = repeat(dev.y, 1 + more.length);
  const request = { x: rotation.train, y, classes: dev.classes, params: trial.params, rng, signal };
  const head = rotation.lift(await getHead(trial.head).fit(request));
  return { standardisation, head, ...calibrate(heldOut, dev) };
}

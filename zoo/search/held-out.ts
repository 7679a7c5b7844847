import type { Scores } from '../metrics/index.js';
import type { HeldOut, Trial } from './types.js';

/** Memory for logits that are kept. */
const MOST_BYTES = 64 * 2 ** 20;

interface Kept {
  readonly trial: Trial;
  readonly logits: Scores;
}

const surestFirst = (a: Kept, b: Kept): number =>
  (a.trial.validation?.logLoss ?? Infinity) - (b.trial.validation?.logLoss ?? Infinity) ||
  (a.trial.id < b.trial.id ? -1 : 1);

/** Held-out logits of the surest trials, as many as there is room for: the same in whatever order they come. */
export class HeldOutStore {
  private kept: readonly Kept[] = [];

  constructor(private readonly mostBytes = MOST_BYTES) {}

  keep(trial: Trial, logits: Scores): void {
    const all = [...this.kept, { trial, logits }].toSorted(surestFirst);
    this.kept = all.slice(0, Math.floor(this.mostBytes / Math.max(1, logits.data.byteLength)));
  }

  get all(): HeldOut {
    return new Map(this.kept.map(({ trial, logits }) => [trial.id, logits]));
  }
}

import type { Scores } from '../metrics/index.js';
import type { HeldOut } from './types.js';

/** Memory for logits that are kept. */
const MOST_BYTES = 64 * 2 ** 20;

/** Held-out logits of trials, as many as there is room for. */
export class HeldOutStore {
  private readonly kept = new Map<string, Scores>();
  private bytes = 0;

  keep(trialId: string, logits: Scores): void {
    const { byteLength } = logits.data;
    if (this.bytes + byteLength > MOST_BYTES) return;
    this.bytes += byteLength;
    this.kept.set(trialId, logits);
  }

  get all(): HeldOut {
    return this.kept;
  }
}

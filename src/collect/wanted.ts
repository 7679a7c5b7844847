/** How a category stands when a round of search begins. */
export interface Standing {
  /** Kept pictures to aim at. */
  readonly target: number;
  /** Kept so far, by the rounds before. */
  readonly kept: number;
  /** Candidates worth a download that the rounds before found. */
  readonly foundBefore: number;
  /** Those that this round has found already, before a restart. */
  readonly foundNow: number;
}

/** Some of what is found is always dropped; asking for a little more at once saves a round. */
const FIRST_OVERSHOOT = 1.15;
const LATER_OVERSHOOT = 1.05;
/** A category where hardly anything is usable would otherwise ask for thousands at once. */
const LEAST_YIELD = 0.1;

/** New candidates to look for in this round: what is missing to the target, by the share that was kept so far. */
export function wantedNow({ target, kept, foundBefore, foundNow }: Standing): number {
  const missing = target - kept;
  if (missing <= 0) return 0;
  const share = foundBefore > 0 ? Math.min(1, Math.max(LEAST_YIELD, kept / foundBefore)) : 1;
  const ask = Math.ceil((missing / share) * (foundBefore > 0 ? LATER_OVERSHOOT : FIRST_OVERSHOOT));
  return Math.max(0, ask - foundNow);
}

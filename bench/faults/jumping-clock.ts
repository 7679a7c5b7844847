/**
 * Loaded into a process before anything else: its wall clock is off by the milliseconds that a file names. Timers and
 * `performance.now` go on as they do when a machine's clock is set.
 */
const SOURCE = `
import { readFileSync } from 'node:fs';
const Real = Date;
let off = 0;
setInterval(() => {
  try { off = Number(readFileSync(process.env.GRAFT_BENCH_CLOCK, 'utf8')) || 0; } catch { off = 0; }
}, 50).unref();
globalThis.Date = class Date extends Real {
  constructor(...given) { given.length === 0 ? super(Real.now() + off) : super(...given); }
  static now() { return Real.now() + off; }
};
`;

/** Environment of a process whose clock jumps when the file is written. */
export const jumpingClock = (file: string): Record<string, string> => ({
  GRAFT_BENCH_CLOCK: file,
  NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(SOURCE)}`,
});

import { probeProviders, ZooError } from '../../../zoo/index.js';
import { GraftError } from '../../runs/errors.js';
import { computeComparison } from './compare-task.js';
import { computeCuration } from './curate-task.js';
import { workOf } from './modal-work.js';
import { computePackage } from './package-task.js';
import type { ComputeTask, SafetyTask, ToChild, ToParent } from './protocol.js';
import { computeShortlist } from './shortlist-task.js';
import { openSafety } from './safety-task.js';
import { computeTrials } from './trials-task.js';

/** The child process: does the one task its parent sends, or answers its questions, and is killed by its parent. */

const tell = (message: ToParent): void => void process.send?.(message);

export type Report = (done: number, total: number, note?: string) => void;
const report: Report = (done, total, note) => tell({ type: 'progress', done, total, note });

function perform(task: ComputeTask): Promise<unknown> {
  if (task.kind === 'providers') return probeProviders();
  if (task.kind === 'curate') return computeCuration(task, report);
  if (task.kind === 'shortlist') return computeShortlist(task, report);
  if (task.kind === 'features') return workOf(task).extract(task, report);
  if (task.kind === 'trials') return computeTrials(task, report);
  if (task.kind === 'compare') return computeComparison(task, report);
  return computePackage(task, report);
}

function describe(error: unknown): ToParent {
  if (error instanceof GraftError) {
    return { type: 'error', code: error.code, message: error.message, fix: error.fix, stack: null };
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  // The zoo's own errors are written for an operator; anything else is a defect and keeps its stack.
  if (error instanceof ZooError)
    return { type: 'error', code: 'model-work-failed', message, fix: null, stack: null };
  return { type: 'error', code: 'internal', message, fix: null, stack: stack ?? null };
}

/** Questions may come while the networks are still being opened: each waits for the one before. */
function answerQuestions(task: SafetyTask): void {
  const opened = openSafety(task, report);
  let before: Promise<unknown> = opened.catch((error: unknown) => tell(describe(error)));
  process.on('message', (message: ToChild) => {
    if (message.kind !== 'question') return;
    const { id, pixels } = message;
    before = before.then(async () => tell({ type: 'answer', id, answer: await (await opened)(pixels) }));
    before = before.catch((error: unknown) => tell(describe(error)));
  });
}

process.once('message', (message: Exclude<ToChild, { kind: 'question' }>) => {
  if (message.kind === 'safety') return answerQuestions(message);
  perform(message).then(
    (result) => tell({ type: 'result', result }),
    (error: unknown) => tell(describe(error)),
  );
});
// Ctrl-C on a terminal reaches the whole group; when to stop is for the parent to say.
process.on('SIGINT', () => undefined);
// A parent that is gone can take no result: without this a killed service would leave its child computing.
process.once('disconnect', () => process.exit(1));

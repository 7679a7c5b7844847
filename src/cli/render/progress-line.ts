import { duration, rate } from './format.js';
import { displayWidth, truncate } from './table.js';

/** One long piece of work, as it's shown. */
export interface ProgressTask {
  id: string;
  label: string;
  state: 'pending' | 'running' | 'done' | 'failed';
  done: number;
  /** 0: nobody knows yet. */
  total: number;
  note: string | null;
  /** Working time so far. */
  elapsedMs: number;
}

const LABEL_CELLS = 10;
const BAR_CELLS = 24;
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const MARKS = { pending: '·', done: '✔', failed: '✖' } as const;

const share = ({ done, total }: ProgressTask): number => (total > 0 ? Math.min(1, done / total) : 0);

function bar(task: ProgressTask): string {
  const full = Math.round(share(task) * BAR_CELLS);
  return '━'.repeat(full) + '─'.repeat(BAR_CELLS - full);
}

function timeLeft(task: ProgressTask, perSecond: number | null): string {
  if (perSecond === null || task.total <= task.done) return '';
  return `${duration(((task.total - task.done) / perSecond) * 1000)} left`;
}

/** Speed over the whole of a finished task. */
const overall = ({ done, elapsedMs }: ProgressTask): string =>
  done > 0 && elapsedMs >= 100 ? rate(done / (elapsedMs / 1000)) : '';

const joined = (parts: readonly (string | null)[]): string => parts.filter(Boolean).join('  ');

function runningText(task: ProgressTask, perSecond: number | null): string {
  const count = task.total > 0 ? `${task.done}/${task.total}` : task.done > 0 ? String(task.done) : '';
  const speed = perSecond === null ? '' : rate(perSecond);
  const time = timeLeft(task, perSecond) || (task.total === 0 ? duration(task.elapsedMs) : '');
  return joined([task.total > 0 ? bar(task) : '', count, speed, time, task.note]);
}

function finishedText(task: ProgressTask): string {
  const count = task.done > 0 ? `${task.done} in ${duration(task.elapsedMs)}` : duration(task.elapsedMs);
  return joined([count, overall(task), task.note]);
}

function liveText(task: ProgressTask, perSecond: number | null): string {
  if (task.state === 'pending') return '';
  return task.state === 'running' ? runningText(task, perSecond) : finishedText(task);
}

/** A line of the live display, at most `columns` cells wide. */
export function liveLine(
  task: ProgressTask,
  perSecond: number | null,
  columns: number,
  tick: number,
): string {
  const mark = task.state === 'running' ? SPINNER[tick % SPINNER.length] : MARKS[task.state];
  const label = task.label + ' '.repeat(Math.max(0, LABEL_CELLS - displayWidth(task.label)));
  return truncate(`${mark} ${label} ${liveText(task, perSecond)}`.trimEnd(), columns);
}

/** A line for logs and pipes: `fetch: 120/400 (30 %), 12/s, 23 s left`. */
export function plainLine(task: ProgressTask, perSecond: number | null): string {
  if (task.state === 'done') return `${task.label}: done, ${commas([finishedText(task)])}`;
  if (task.state === 'failed') return `${task.label}: failed after ${duration(task.elapsedMs)}`;
  return `${task.label}: ${commas([plainCount(task), perSecond === null ? '' : rate(perSecond), timeLeft(task, perSecond), task.note ?? ''])}`;
}

function plainCount(task: ProgressTask): string {
  if (task.total > 0) return `${task.done}/${task.total} (${Math.floor(share(task) * 100)} %)`;
  return task.done > 0 ? String(task.done) : duration(task.elapsedMs);
}

const commas = (parts: readonly string[]): string => parts.filter(Boolean).join(', ').replaceAll('  ', ', ');

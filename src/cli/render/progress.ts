import type { Terminal } from '../output.js';
import { liveLine, plainLine, type ProgressTask } from './progress-line.js';
import { createRateMeter, type RateMeter } from './rate-meter.js';

export type { ProgressTask } from './progress-line.js';

/** Shows long work on standard error: bars redrawn in place on a terminal, a plain line now and then elsewhere. */
export interface Progress {
  /** Adds tasks, or brings known ones (same id) up to date. */
  update(tasks: readonly ProgressTask[]): void;
  /** A remark between the bars. */
  note(text: string): void;
  /** Leaves the last state on the screen and stops drawing. May be called again. */
  close(): void;
}

const REDRAW_MS = 120;
const PLAIN_EVERY_MS = 5000;
const DEFAULT_COLUMNS = 80;

interface Shown {
  task: ProgressTask;
  meter: RateMeter;
  seenAtMs: number;
  /** When a plain line was last printed, and for which state. */
  printedAtMs: number;
  printed: ProgressTask['state'];
}

type Board = Map<string, Shown>;

function record(board: Board, task: ProgressTask, nowMs: number): Shown {
  const known = board.get(task.id);
  const shown: Shown = known ?? {
    task,
    meter: createRateMeter(),
    seenAtMs: nowMs,
    printedAtMs: nowMs,
    printed: 'pending',
  };
  shown.task = task;
  shown.seenAtMs = nowMs;
  shown.meter.observe(task.done, task.total, nowMs);
  board.set(task.id, shown);
  return shown;
}

/** Time spent moves on between the events of the service. */
const aged = ({ task, seenAtMs }: Shown, nowMs: number): ProgressTask =>
  task.state === 'running' ? { ...task, elapsedMs: task.elapsedMs + nowMs - seenAtMs } : task;

/** @param now a clock in milliseconds, replaced in tests */
export function createProgress(terminal: Terminal, now: () => number = () => performance.now()): Progress {
  return terminal.isTTY ? createLiveProgress(terminal, now) : createPlainProgress(terminal, now);
}

/** Each end once, and a running task now and then, counted from its beginning. */
function isDue(shown: Shown, nowMs: number): boolean {
  const { state } = shown.task;
  const changed = shown.printed !== state;
  if (state === 'done' || state === 'failed') return changed;
  shown.printed = state;
  if (changed) shown.printedAtMs = nowMs;
  return state === 'running' && nowMs - shown.printedAtMs >= PLAIN_EVERY_MS;
}

function createPlainProgress(terminal: Terminal, now: () => number): Progress {
  const board: Board = new Map();
  const print = (shown: Shown): void => {
    shown.printedAtMs = now();
    shown.printed = shown.task.state;
    terminal.write(`${plainLine(shown.task, shown.meter.perSecond())}\n`);
  };
  return {
    update: (tasks) => {
      for (const task of tasks) {
        const shown = record(board, task, now());
        if (isDue(shown, now())) print(shown);
      }
    },
    note: (text) => void terminal.write(`${text}\n`),
    close: () => undefined,
  };
}

function createLiveProgress(terminal: Terminal, now: () => number): Progress {
  const board: Board = new Map();
  const screen = createScreen(terminal);
  let tick = 0;
  let closed = false;
  const redraw = (): void => {
    const columns = (terminal.columns ?? DEFAULT_COLUMNS) - 1; // a full last column would wrap on some terminals
    const lines = [...board.values()].map((shown) =>
      liveLine(aged(shown, now()), shown.meter.perSecond(), columns, tick),
    );
    screen.draw(lines);
  };
  const timer = setInterval(() => {
    tick++;
    redraw();
  }, REDRAW_MS);
  timer.unref();
  return {
    update: (tasks) => {
      for (const task of tasks) record(board, task, now());
    },
    note: (text) => {
      screen.clear();
      terminal.write(`${text}\n`);
      redraw();
    },
    close: () => {
      if (closed) return;
      closed = true;
      clearInterval(timer);
      redraw();
    },
  };
}

/** A block of lines at the end of the terminal that's written over in place. */
function createScreen(terminal: Terminal): { draw(lines: readonly string[]): void; clear(): void } {
  let height = 0;
  const home = (): string => (height > 0 ? `\u001b[${height}A\r\u001b[0J` : '\r\u001b[0J');
  return {
    draw: (lines) => {
      terminal.write(home() + lines.map((line) => `${line}\n`).join(''));
      height = lines.length;
    },
    clear: () => {
      terminal.write(home());
      height = 0;
    },
  };
}

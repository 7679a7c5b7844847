import type { Decision } from '../api/client';

export type Said = Pick<Decision, 'sha256' | 'action' | 'category'>;
export type Decisions = ReadonlyMap<string, Said>;

/** What has to be said again to undo: for each picture what was said of it before, or nothing. */
export interface UndoStep {
  readonly before: readonly { sha256: string; said: Said | null }[];
}

export const asMap = (decisions: readonly Said[]): Decisions =>
  new Map(decisions.map((decision) => [decision.sha256, decision]));

export function withSaid(decisions: Decisions, said: readonly Said[]): Decisions {
  const next = new Map(decisions);
  for (const one of said) next.set(one.sha256, one);
  return next;
}

export const undoStep = (decisions: Decisions, sha256s: readonly string[]): UndoStep => ({
  before: [...new Set(sha256s)].map((sha256) => ({ sha256, said: decisions.get(sha256) ?? null })),
});

export function undone(decisions: Decisions, { before }: UndoStep): Decisions {
  const next = new Map(decisions);
  for (const { sha256, said } of before) {
    if (said) next.set(sha256, said);
    else next.delete(sha256);
  }
  return next;
}

/** Parts that one request takes. */
export function chunks<T>(all: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < all.length; start += size) parts.push(all.slice(start, start + size));
  return parts;
}

export type Move = 'left' | 'right' | 'up' | 'down' | 'home' | 'end' | 'pageup' | 'pagedown';

const KEYS: Readonly<Record<string, Move>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'home',
  End: 'end',
  PageUp: 'pageup',
  PageDown: 'pagedown',
};

export const moveOf = (key: string): Move | null => KEYS[key] ?? null;

/** Where a key takes one in a grid of `columns` columns; never out of it. */
export function moved(
  index: number,
  move: Move,
  { columns, rows, total }: { columns: number; rows: number; total: number },
): number {
  const steps: Readonly<Record<Move, number>> = {
    left: -1,
    right: 1,
    up: -columns,
    down: columns,
    home: -index,
    end: total - 1 - index,
    pageup: -columns * rows,
    pagedown: columns * rows,
  };
  const next = index + steps[move];
  if (move === 'up' && next < 0) return index;
  return Math.max(0, Math.min(total - 1, next));
}

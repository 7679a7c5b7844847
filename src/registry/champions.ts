/** What the succession of champions is made of. */
export interface ChampionEvent {
  readonly action: string;
  readonly fromId: string | null;
  readonly toId: string | null;
}

/**
 * The champion before the last promotion that still stands: promotions pile up, a rollback takes the topmost away, so that
 * rolling back again goes one further back.
 *
 * @param events of the alias champion, oldest first
 * @returns null when there was none
 */
export function championBefore(events: readonly ChampionEvent[]): string | null {
  const pile: string[] = [];
  for (const { action, fromId, toId } of events) {
    if (action === 'rolled-back') pile.pop();
    else if (toId !== null) {
      if (pile.length === 0 && fromId !== null) pile.push(fromId); // it stood before the history was kept
      pile.push(toId);
    }
  }
  return pile.at(-2) ?? null;
}

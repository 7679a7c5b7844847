import { ZooError } from '../errors.js';
import type { Head } from './head.js';
import { logistic } from './logistic.js';
import { mlp } from './mlp.js';
import { ridge } from './ridge.js';

/** No head of that id. */
export class UnknownHeadError extends ZooError {
  constructor(id: string, known: readonly string[]) {
    super(`There is no head "${id}". Known: ${known.join(', ')}.`);
  }
}

/** Every head that can be searched, cheapest first. */
export const heads: readonly Head[] = [ridge, logistic, mlp];

/** @throws UnknownHeadError */
export function getHead(id: string): Head {
  const head = heads.find((candidate) => candidate.id === id);
  if (head === undefined) {
    throw new UnknownHeadError(
      id,
      heads.map((known) => known.id),
    );
  }
  return head;
}

import { textOf } from '../../lib/search-params';

export interface StartSearch {
  /** Project that gets more data; without it a new one is begun. */
  readonly project?: string;
  /** Kept pictures of each category to aim at. */
  readonly aim?: number;
}

const MOST = 10_000;

export function toStartSearch(raw: Record<string, unknown>): StartSearch {
  const aim = Number(raw['aim']);
  return {
    project: textOf(raw, 'project'),
    aim: Number.isInteger(aim) && aim > 0 ? Math.min(MOST, Math.max(4, aim)) : undefined,
  };
}

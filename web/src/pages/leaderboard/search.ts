import { oneOf, textOf } from '../../lib/search-params';

export const BOARD_VIEWS = ['depth', 'latency', 'heads'] as const;

export interface LeaderboardSearch {
  readonly chart?: (typeof BOARD_VIEWS)[number];
  readonly backbone?: string;
  /** The cell of the confusion matrix that is open. */
  readonly truth?: string;
  readonly predicted?: string;
}

export const toLeaderboardSearch = (raw: Record<string, unknown>): LeaderboardSearch => ({
  chart: oneOf(raw, 'chart', BOARD_VIEWS),
  backbone: textOf(raw, 'backbone'),
  truth: textOf(raw, 'truth'),
  predicted: textOf(raw, 'predicted'),
});

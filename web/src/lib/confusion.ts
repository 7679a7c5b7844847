import type { Report } from '../api/client';

/** Examples of one category that were taken for another: `count` of the `of` there are. */
export interface MixUp {
  readonly truth: string;
  readonly predicted: string;
  readonly count: number;
  readonly of: number;
}

/** The most frequent mistakes, the most frequent first. */
export function worstMixUps(
  { labels, counts }: Pick<NonNullable<Report['confusion']>, 'labels' | 'counts'>,
  most: number,
): MixUp[] {
  const all = labels.flatMap((truth, row) => {
    const of = (counts[row] ?? []).reduce((sum, count) => sum + count, 0);
    return labels.map((predicted, column) => ({ truth, predicted, count: counts[row]?.[column] ?? 0, of }));
  });
  return all
    .filter(({ truth, predicted, count }) => truth !== predicted && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, most);
}

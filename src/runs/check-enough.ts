import { MIN_GROUPS_PER_CATEGORY } from '../dataset/split/split-by-group.js';
import type { Wording } from '../../zoo/index.js';
import { GraftError } from './errors.js';

/** Refuses a run over own pictures or texts that cannot be split, before any of them is looked at. @throws GraftError */
export function checkEnough(
  categories: readonly { name: string; uploads: number; urls: number }[],
  { many, moreFrom }: Wording,
): void {
  const short = categories.filter(({ uploads, urls }) => uploads + urls < MIN_GROUPS_PER_CATEGORY);
  if (short.length === 0) return;
  const found = short.map(({ name, uploads, urls }) => `${name} has ${uploads + urls}`).join(', ');
  throw new GraftError({
    code: `too-few-${many}`,
    message: `Each category needs at least ${MIN_GROUPS_PER_CATEGORY} different ${many} to be split and tested: ${found}.`,
    fix: `Add ${many} (${moreFrom}), or leave the category out.`,
    status: 422,
  });
}

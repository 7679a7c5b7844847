import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { projectRoot } from '../../src/config/version.js';
import { createRng, wordsOf } from '../../zoo/index.js';

export interface Review {
  readonly text: string;
  readonly label: number;
  readonly words: readonly string[];
}

/** The 10,662 movie reviews of the shared folder. @throws when they are not there: nothing else would be comparable */
export async function readReviews(): Promise<Review[]> {
  const file = join(projectRoot(), '..', 'shared', 'text', 'movie-reviews-rt.csv');
  const rows = parse<{ label: string; text: string }>(await readFile(file), { columns: true });
  return rows.map(({ label, text }) => ({
    text,
    label: label === 'positive' ? 1 : 0,
    words: wordsOf(text),
  }));
}

/** Positions of the texts of one draw. */
export interface Draw {
  readonly dev: readonly number[];
  readonly test: readonly number[];
}

/** Texts that are set aside for word vectors to learn from; all draws are made from the others. */
export function setAside(count: number, all: number): { unlabelled: number[]; pool: number[] } {
  const order = createRng('text bench').shuffle(Array.from({ length: all }, (_, i) => i));
  return { unlabelled: order.slice(0, count), pool: order.slice(count) };
}

/** Random draws, half of the labelled ones of each label. */
export function makeDraws(
  reviews: readonly Review[],
  pool: readonly number[],
  { labelled, test, draws }: { labelled: number; test: number; draws: number },
): Draw[] {
  return Array.from({ length: draws }, (_, i) => {
    const order = createRng(`draw ${labelled}/${test}/${i}`).shuffle(pool);
    const of = (label: number): number[] => order.filter((at) => reviews[at]?.label === label);
    const dev = [0, 1].flatMap((label) => of(label).slice(0, labelled / 2));
    const taken = new Set(dev);
    return { dev, test: order.filter((at) => !taken.has(at)).slice(0, test) };
  });
}

import { createRng } from '../../zoo/index.js';

const MOODS = {
  positive: ['lovely', 'great', 'superb', 'delightful', 'wonderful', 'excellent'],
  negative: ['awful', 'dull', 'terrible', 'boring', 'dreadful', 'poor'],
} as const;
const THINGS = ['plot', 'cast', 'music', 'ending', 'dialogue', 'camera', 'script', 'story'];
const PEOPLE = ['director', 'writer', 'crowd', 'critic', 'family', 'editor'];

/** Sentences of a small language, with a mood that its words tell. */
export function sentences(label: keyof typeof MOODS, count: number): string[] {
  const rng = createRng(label);
  const pick = (words: readonly string[]): string => words[rng.int(words.length)] ?? '';
  return Array.from(
    { length: count },
    (_, i) =>
      `the ${pick(THINGS)} number ${i} was ${pick(MOODS[label])} and the ${pick(PEOPLE)} felt ${pick(MOODS[label])} about the ${pick(THINGS)} of ${pick(PEOPLE)} ${i * 7}`,
  );
}

export const LABELLED = (['positive', 'negative'] as const).flatMap((label) =>
  sentences(label, 30).map((text) => ({ label, text })),
);
export const UNLABELLED = [...sentences('positive', 90), ...sentences('negative', 90)].slice(30);

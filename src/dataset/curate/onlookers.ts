/** Cheap to run and of four different trainings, so that they err differently; taken first when a run uses them. */
export const ONLOOKERS = [
  'nsfwjs-mobilenet-v2-mid',
  'human-centernet',
  'nsfwjs-mobilenet-v2',
  'human-movenet',
] as const;

/** Of texts: counts of words and characters, and what words stand beside. */
export const TEXT_ONLOOKERS = ['ngrams', 'cbow-100'] as const;

/** Each adds less than the one before, and a person who waits for the review waits for all of them. */
const MOST = 4;

/** The backbones that look for wrong labels, out of those of a run: the stage features needs their features later anyway. */
export function onlookersOf(chosen: readonly string[]): string[] {
  const preferred = ONLOOKERS.filter((id) => chosen.includes(id));
  return [...preferred, ...chosen.filter((id) => !(ONLOOKERS as readonly string[]).includes(id))].slice(
    0,
    MOST,
  );
}

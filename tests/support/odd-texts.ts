import { createRng } from '../../zoo/rng.js';

const PIECES = [
  ...[
    'good',
    'GOOD',
    'bad',
    'film',
    'films',
    'day',
    'nice',
    'poorly',
    'a',
    'the',
    'unknownword',
    "don't",
    'it’s',
    "'quoted'",
  ],
  ...[
    'naïve',
    'Straße',
    'ΣΊΣΥΦΟΣ',
    'ﬁne',
    '①②',
    '3.14',
    'x_y',
    'e-mail',
    'C++',
    '&amp;',
    '“so”',
    '—',
    '...',
    '!?',
    '¡no!',
  ],
  ...[
    '☕️',
    '👩‍👩‍👧',
    '❤',
    '©',
    '™',
    '\u200b',
    '\u00a0',
    '\u0301',
    '\ufeff',
    'مرحبا',
    'שלום',
    'हिन्दी',
    'Ωμέγα',
    '한국어',
    '𝒜',
  ],
] as const;
const UNSPACED = ['映画', 'とても面白い', 'カタカナー', '人々', 'ดีมาก', '电影很好'];

/** Texts of every kind that people write, by chance but always the same. `unspaced` adds scripts that put no spaces between words. */
export function oddTexts(count: number, { unspaced }: { unspaced: boolean }): string[] {
  const rng = createRng('odd texts');
  const pieces = unspaced ? [...PIECES, ...UNSPACED] : PIECES;
  const glue = [' ', ' ', ' ', '', '  ', '\n', '\t', ', '];
  return Array.from({ length: count }, () =>
    Array.from(
      { length: 1 + rng.int(14) },
      () => `${pieces[rng.int(pieces.length)] ?? ''}${glue[rng.int(glue.length)] ?? ''}`,
    ).join(''),
  );
}

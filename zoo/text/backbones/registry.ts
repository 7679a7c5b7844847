import type { TextCard } from './card.js';
import type { WordVectorInput } from '../vectors/options.js';

const OWN = {
  licence: 'Apache-2.0',
  origin: 'made by Graft from the texts of the run',
  pretrainedOn:
    'The labelled texts (without their labels, test texts left out) and the unlabelled texts of the run.',
};

const vectors = (id: string, title: string, options: WordVectorInput): TextCard => ({
  ...{ id, title, family: 'word vectors', ...OWN },
  source: { kind: 'word-vectors', options },
});

const SUBWORDS = { shortest: 3, longest: 5, maxNgrams: 60_000 };

/** The text backbones that need nothing but the texts at hand. To add one: a line here. */
export const textBackbones: readonly TextCard[] = [
  {
    ...{ id: 'ngrams', title: 'Hashed n-grams of words and characters', family: 'n-grams', ...OWN },
    pretrainedOn: 'Nothing but how many of the texts of the run an n-gram occurs in.',
    source: { kind: 'ngrams' },
  },
  vectors('skip-gram-100', 'Skip-gram word vectors, 100 wide, window 5', { width: 100, window: 5 }),
  vectors('skip-gram-50', 'Skip-gram word vectors, 50 wide, window 10', { width: 50, window: 10 }),
  vectors('skip-gram-300', 'Skip-gram word vectors, 300 wide, window 10', { width: 300, window: 10 }),
  vectors('cbow-100', 'CBOW word vectors, 100 wide, window 5', { method: 'cbow', width: 100, window: 5 }),
  vectors('subwords-100', 'Skip-gram word vectors of subwords, 100 wide, window 5', {
    ...{ width: 100, window: 5, subwords: SUBWORDS },
  }),
];

/** Searched when none are named: the widths and windows that differ most, within minutes. */
export const defaultTextBackbones = ['ngrams', 'skip-gram-100', 'skip-gram-50', 'cbow-100'];

import { z } from 'zod';

/** Parts of words that share vectors, so that rare and unseen words get one too (Bojanowski et al. 2017, arXiv 1607.04606). */
export const subwordsSchema = z.object({
  /** Characters of an n-gram, word boundaries included. */
  shortest: z.int().min(1).max(10),
  longest: z.int().min(1).max(10),
  /** N-grams kept, most frequent first. */
  maxNgrams: z.int().min(1).max(500_000),
});
export type Subwords = z.infer<typeof subwordsSchema>;

/** How word vectors are learnt. The defaults were chosen on held-out text: see docs/text.md. */
export const wordVectorOptionsSchema = z.object({
  method: z.enum(['skip-gram', 'cbow']).default('skip-gram'),
  width: z.int().min(8).max(1024).default(100),
  /** Words looked at on either side, at most: each time a number up to this is drawn. */
  window: z.int().min(1).max(50).default(5),
  negative: z.int().min(1).max(50).default(5),
  /** Passes over the text; null: as many as a small text needs, fewer for a large one. */
  epochs: z.int().min(1).max(1000).nullable().default(null),
  /** Rarer words get no vector; null: 1 in a small text, 2 or more in a large one. */
  minCount: z.int().min(1).nullable().default(null),
  maxWords: z.int().min(1).max(1_000_000).default(200_000),
  /** Words more frequent than this share are skipped at times; 0 keeps all. */
  sample: z.number().min(0).max(1).default(1e-3),
  learningRate: z.number().positive().max(1).default(0.025),
  subwords: subwordsSchema.nullable().default(null),
  seed: z.union([z.int(), z.string()]).default(1),
});
export type WordVectorOptions = z.output<typeof wordVectorOptionsSchema>;
export type WordVectorInput = z.input<typeof wordVectorOptionsSchema>;

/** Words to be trained on in all: seconds, whatever the text. */
const WORDS_IN_ALL = 2_000_000;
const FEWEST_EPOCHS = 5;
const MOST_EPOCHS = 40;

/** Passes for a text of so many words. */
export const epochsFor = (words: number): number =>
  Math.min(MOST_EPOCHS, Math.max(FEWEST_EPOCHS, Math.round(WORDS_IN_ALL / Math.max(words, 1))));

/** Least count for a text of so many words. */
export const minCountFor = (words: number): number => (words < 20_000 ? 1 : words < 1_000_000 ? 2 : 5);

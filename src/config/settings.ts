import { z } from 'zod';
import type { LicenceFilter } from '../../crawlers/index.js';
import { inspectLimitsSchema } from '../dataset/inspect/settings.js';
import { MODALITIES } from '../modalities/modality.js';

/** Named here again: the command line reads this file at every start, and need not load the crawler for it. */
export const LICENCE_CHOICES = [
  'any',
  'known',
  'commercial',
  'modification',
  'public-domain',
] as const satisfies readonly LicenceFilter[];

export const CURATE_CHOICES = ['off', 'queue', 'drop'] as const;
export const SAFETY_CHOICES = ['off', 'crawled', 'all'] as const;

/** Phrases by category name; names are compared as categories are. */
const phrasesByCategory = z.record(z.string(), z.array(z.string().trim().min(1).max(200)).max(50));

/** What a person may choose for a run. Defaults live here and nowhere else. */
export const runSettingsSchema = z.object({
  modality: z
    .enum(MODALITIES)
    .default('image')
    .describe('What is told apart; a run takes it from its project'),
  providers: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Image-search providers; empty means own pictures only, or every default provider when there are none',
    ),
  imagesPerCategory: z
    .number()
    .int()
    .min(4)
    .max(10_000)
    .default(60)
    .describe('Kept pictures to aim at in each category'),
  licence: z
    .enum(LICENCE_CHOICES)
    .default('any')
    .describe(
      'What the licence of a found picture must allow; others are dropped as `unlicensed`, before download',
    ),
  synonyms: phrasesByCategory
    .default({})
    .describe(
      'Other words for a category, searched when its name alone gives too little: {"cat": ["feline"]}',
    ),
  queries: phrasesByCategory
    .default({})
    .describe('More queries for a category, in other languages for example: {"cat": ["Katze"]}'),
  morePhrasings: z
    .boolean()
    .default(true)
    .describe('Also search plurals and context words when a category would stay short of its target'),
  safety: z
    .enum(SAFETY_CHOICES)
    .default('crawled')
    .describe(
      'Which pictures are asked whether they are unsafe: those that providers find on the web, all, or none. Own pictures (uploads, a folder, a zip, listed addresses) are asked with `all` only',
    ),
  inspect: inspectLimitsSchema
    .prefault({})
    .describe('Limits a picture has to keep to; those left out are the measured defaults'),
  curate: z
    .enum(CURATE_CHOICES)
    .default('drop')
    .describe(
      'Pictures that do not look like their category: drop the surest and queue the others for a person, queue all, or do not look. Own pictures are only ever queued',
    ),
  seed: z
    .number()
    .int()
    .min(0)
    .max(0xffffffff)
    .default(1)
    .describe('Every random choice of the run comes from it'),
  budgetMs: z
    .number()
    .int()
    .min(1000)
    .nullable()
    .default(null)
    .describe(
      'Time the model search may take, the stages features and trials together; null means until it is done',
    ),
  maxTrials: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .nullable()
    .default(null)
    .describe('Trials at most, the ranking of each truncation depth counted as one; null: no limit'),
  maxBackbones: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(5)
    .describe(
      'Backbones that all pictures go through; of more, the better halves on growing samples of the pictures are kept until so many are left. Fewer when the time limit would not hold',
    ),
  ensemble: z
    .boolean()
    .nullable()
    .default(null)
    .describe(
      'Whether the two, three and five surest backbones are also tried as one network, in one file, as slow and large as all of them. null: those that want the same picture, and taken only where that clearly pays; true: also those of different sizes, for which the pass of all pictures takes up to twice as long, and taken where it is surer at all; false: none',
    ),
  augment: z
    .boolean()
    .default(false)
    .describe(
      'Whether pictures are also seen mirrored and by their centre, to learn from and, as the mean over all of these, to predict by: the pass of all pictures takes three times as long; not where time is limited',
    ),
  maxLatencyMs: z
    .number()
    .positive()
    .max(60_000)
    .nullable()
    .default(null)
    .describe(
      'Milliseconds a picture the winner may take from prepared pixels on, measured on the machine of the search; null: any',
    ),
  maxSizeMb: z
    .number()
    .positive()
    .max(100_000)
    .nullable()
    .default(null)
    .describe('Size the packaged file of the winner may have, in megabytes of 1,000,000 bytes; null: any'),
  backbones: z
    .array(z.string().min(1))
    .default([])
    .describe('Backbones to search; empty means the whole zoo'),
});
export type RunSettings = z.infer<typeof runSettingsSchema>;
export type RunSettingsInput = z.input<typeof runSettingsSchema>;

/** Limits of the service itself. */
export const LIMITS = Object.freeze({
  /** One uploaded picture, and one entry of an uploaded zip. */
  maxUploadBytes: 50 * 1024 * 1024,
  maxZipBytes: 2 * 1024 * 1024 * 1024,
  maxZipEntries: 100_000,
  /** Bytes all entries of a zip may unpack to: a bomb stops here. */
  maxUnpackedBytes: 4 * 1024 * 1024 * 1024,
  maxCategories: 200,
  /** Files in one request; more go in further requests. */
  maxFilesPerRequest: 1000,
  /** Rounds of search a run may go through to reach its number of kept pictures: far more than a healthy run needs. */
  maxRounds: 25,
  /** Rows in one request of listed addresses; more go in further requests. */
  maxUrlRows: 5000,
  maxUrlLength: 4096,
  /** One JSON request: that many rows of ordinary length. */
  maxJsonBytes: 8 * 1024 * 1024,
});

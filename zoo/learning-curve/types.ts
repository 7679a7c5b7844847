import { z } from 'zod';

const band = z.tuple([z.number(), z.number()]);

/** `enough`: more pictures would hardly help. `cannot-say`: see `reason`. */
const verdictSchema = z.enum(['more-helps', 'enough', 'cannot-say']);

const answer = {
  verdict: verdictSchema,
  more: z
    .object({
      pictures: z.number().int().describe('More pictures of a category for two points more'),
      interval: z.tuple([z.number().int(), z.number().int().nullable()]).describe('80 % band; null: no end'),
    })
    .nullable(),
  reason: z.string().nullable().describe('Why nothing can be said, or why more would not help'),
  text: z.string().describe('The answer in a sentence'),
};

/** What the smaller subsets foretold of all pictures, and what was measured with them. */
const foretold = {
  predicted: z.number(),
  interval: band,
  measured: z.number(),
  error: z.number().describe('predicted - measured'),
};

/** How much more data would help: accuracy at growing subsets of the pictures, and the power law through them. */
export const learningCurveSchema = z.object({
  points: z.array(
    z.object({
      pictures: z.number().describe('Pictures learnt from, mean over folds and draws'),
      perCategory: z.number(),
      accuracy: z.number().describe('Held out, mean over the draws'),
      deviation: z.number().describe('Between draws; 0 for a single one'),
      draws: z.number().int(),
    }),
  ),
  fit: z
    .object({ asymptote: z.number(), scale: z.number(), exponent: z.number() })
    .nullable()
    .describe('(1 - accuracy) / accuracy = (1 - asymptote) / asymptote + scale * pictures ^ -exponent'),
  forecast: z.array(
    z.object({
      factor: z.number().describe('Times the pictures there are'),
      perCategory: z.number(),
      accuracy: z.number(),
      interval: band.describe('90 % band by bootstrap'),
    }),
  ),
  doubling: z
    .object({ gain: z.number(), interval: band.describe('90 % band by bootstrap') })
    .nullable()
    .describe('What twice the pictures would bring'),
  ...answer,
  backtest: z
    .object({
      upTo: z.number().describe('The curve was fitted on subsets of at most so many pictures...'),
      at: z.number().describe('...and asked for the accuracy at so many'),
      ...foretold,
    })
    .nullable(),
  categories: z.array(
    z.object({
      category: z.string(),
      pictures: z.number().int().describe('Pictures of it to learn from'),
      recall: z
        .number()
        .nullable()
        .describe(
          'Share of its pictures that are recognised, with all pictures; null where no point of the curve could be measured',
        ),
      ...answer,
      backtest: z
        .object(foretold)
        .nullable()
        .default(null)
        .describe(
          'Of its recall, from the subsets of the backtest of all; null where there is none, and for runs of older versions',
        ),
    }),
  ),
});
export type LearningCurve = z.infer<typeof learningCurveSchema>;
export type CategoryOutlook = LearningCurve['categories'][number];
export type Outlook = Pick<CategoryOutlook, keyof typeof answer>;
export type Backtest = NonNullable<CategoryOutlook['backtest']>;

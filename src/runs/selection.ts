import { z } from 'zod';
import { coordinates, intervalSchema, trialValidationSchema } from './run.js';

/** How the winner was chosen, and how far that can be believed: what the stage trials leaves beside the trials. */

const floorSchema = z
  .object({
    kind: z
      .enum(['majority-class', 'random-weights'])
      .describe(
        'majority-class: always the most frequent category; random-weights: the best tap of a backbone whose weights were drawn at random',
      ),
    backbone: z.string().nullable().describe('Whose architecture has the random weights'),
    tap: z.string().nullable(),
    validation: trialValidationSchema,
  })
  .describe('A score that needs no pretrained network: a trial that does no better is worth nothing');

const optimismSchema = z
  .object({
    trials: z.number().int().describe('Completed trials that were chosen among'),
    estimate: z
      .number()
      .describe(
        'How much too high the validation accuracy of the chosen trial is likely to be because it was chosen; may be a little below 0 by chance',
      ),
    corrected: z.number().describe('Validation accuracy of the chosen trial less the estimate'),
    interval: intervalSchema.describe('95 % interval of the corrected accuracy'),
    resamples: z.number().int(),
  })
  .describe(
    'Optimism of picking the best of many trials, by bootstrap bias corrected cross-validation: the choice is made again on resampled pictures and scored on the others',
  );

const comparisonSchema = z
  .object({
    rival: z
      .enum(['runner-up', 'other-backbone', 'one-backbone', 'last-tap', 'beyond-cap'])
      .describe(
        'runner-up: the most accurate other trial; other-backbone: the most accurate of another backbone; one-backbone: where several were chosen together, the most accurate of one alone; last-tap: the end of the chosen backbone; beyond-cap: the most accurate that costs more than was allowed',
      ),
    ...coordinates,
    difference: z.number().describe('Validation accuracy of the chosen trial less that of the rival'),
    interval: intervalSchema.describe('95 % interval of the difference, paired bootstrap'),
    onlyChosen: z.number().int().describe('Pictures that only the chosen trial got right'),
    onlyRival: z.number().int().describe('Pictures that only the rival got right'),
    pValue: z
      .number()
      .describe('Exact McNemar test of "both are right equally often"; below 0.05 they can be told apart'),
  })
  .describe(
    'The chosen trial and a rival on the same pictures, each predicted by models that had not seen it',
  );

const unknownSchema = z.object({
  below: z
    .number()
    .nullable()
    .describe('Confidence under which the answer should be "unknown"; null: too few pictures to say'),
  rightBelow: z.number().describe('Share of the right held-out answers that fall below it'),
  wrongBelow: z.number().describe('Share of the wrong held-out answers that fall below it'),
});

const droppedBackboneSchema = z.object({
  backbone: z.string(),
  reason: z.string().describe('Why not all pictures went through it'),
});

/** GET /api/runs/{runId}/report, key `selection` */
export const selectionSchema = z.object({
  floor: z.array(floorSchema),
  optimism: optimismSchema.nullable().describe('Null when there was a single trial'),
  comparisons: z.array(comparisonSchema),
  unknown: unknownSchema,
  temperature: z
    .number()
    .describe('Logits are divided by it before the softmax; fitted on held-out predictions'),
  droppedBackbones: z.array(droppedBackboneSchema),
  leftOut: z
    .array(z.string())
    .describe(
      'What else the time limit left no time for, in a sentence each; the learning curve says it itself',
    ),
});
export type SelectionView = z.infer<typeof selectionSchema>;

/** As it is kept: those of an older version do not say what was left out. */
export type KeptSelection = Omit<SelectionView, 'leftOut'> & Partial<Pick<SelectionView, 'leftOut'>>;

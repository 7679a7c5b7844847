import { z } from 'zod';

/** The stages of a run, in order. `dedupe` may send the run back to `search` for another round (see run-machine.ts). */
export const STAGES = [
  'search',
  'fetch',
  'inspect',
  'dedupe',
  'curate',
  'split',
  'features',
  'trials',
  'package',
] as const;

export const stageNameSchema = z.enum(STAGES);
export type StageName = z.infer<typeof stageNameSchema>;

export const runStateSchema = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']);
export type RunState = z.infer<typeof runStateSchema>;

export const isFinal = (state: RunState): boolean =>
  state === 'succeeded' || state === 'failed' || state === 'cancelled';

/** A proportion's interval: [lower, upper], both in 0..1. */
export const intervalSchema = z.tuple([z.number(), z.number()]);

export const trialValidationSchema = z.object({
  accuracy: z
    .number()
    .describe(
      'Share of development pictures predicted rightly by a model that had not seen them (pooled over the folds)',
    ),
  interval: intervalSchema.describe('Wilson 95 % interval'),
  count: z.number().int().describe('Pictures the accuracy was computed on'),
});
export type TrialValidation = z.infer<typeof trialValidationSchema>;

export const trialCostSchema = z.object({
  trainableParams: z
    .number()
    .int()
    .describe('Weights of the head: the sum of (inputs + 1) * outputs over its layers'),
  totalParams: z.number().int().describe('Trunk weights up to the tap, plus the head'),
  latencyMs: z
    .number()
    .nullable()
    .describe('Measured milliseconds a picture of the truncated trunk, or null when not measured'),
  flops: z
    .number()
    .nullable()
    .default(null)
    .describe(
      'Floating-point operations a picture of the truncated trunk and the head; runs of older versions may have the trunk alone, or null',
    ),
  bytes: z
    .number()
    .nullable()
    .default(null)
    .describe('Size of the packaged ONNX file; null for runs of before it was kept'),
});
export type TrialCost = z.infer<typeof trialCostSchema>;

/** What makes a trial. */
export const coordinates = {
  backbone: z.string(),
  tap: z
    .string()
    .describe(
      'Truncation depth: the tensor of the backbone that the head reads; several, joined by "+" from shallow to deep, where it reads them side by side',
    ),
  head: z.string(),
  params: z.record(z.string(), z.union([z.number(), z.string()])),
};

/** Computed when asked for: it depends on all the trials there are. */
export const paretoSchema = z
  .boolean()
  .default(false)
  .describe(
    'On the Pareto front: no other trial is at least as accurate, as fast and as small, and better in one of these',
  );

export const trialSchema = z.object({
  ...coordinates,
  state: z.enum(['complete', 'pruned', 'failed']),
  validation: trialValidationSchema.nullable(),
  cost: trialCostSchema,
  reason: z.string().nullable().default(null).describe('Why it was pruned or failed'),
  pareto: paretoSchema,
});
export type TrialView = z.infer<typeof trialSchema>;

/** The winner. The test accuracy was read once, after the choice was made. */
export const modelSummarySchema = z.object({
  ...coordinates,
  validation: trialValidationSchema,
  test: trialValidationSchema.extend({
    accuracy: z.number().describe('Accuracy on pictures no trial has seen'),
  }),
  cost: trialCostSchema,
});
export type ModelSummary = z.infer<typeof modelSummarySchema>;

export const runErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  fix: z.string().nullable().describe('What to do about it'),
  stage: stageNameSchema.nullable(),
});
export type RunError = z.infer<typeof runErrorSchema>;

export const countsSchema = z.object({
  candidates: z.number().int(),
  fetched: z.number().int(),
  kept: z.number().int(),
  dropped: z.record(z.string(), z.number().int()).describe('Pictures dropped, by reason'),
});
export type RunCounts = z.infer<typeof countsSchema>;

export const stopReasonSchema = z.enum(['enough', 'exhausted', 'failed', 'limit']);
export type StopReason = z.infer<typeof stopReasonSchema>;

const queryYieldSchema = z.object({
  query: z.string(),
  found: z.number().int(),
  kept: z.number().int(),
});

export const categorySearchSchema = z.object({
  category: z.string(),
  wanted: z.number().int().describe('Kept pictures aimed at'),
  kept: z.number().int().describe('Kept pictures that were found; own pictures are not counted'),
  stoppedBecause: stopReasonSchema
    .nullable()
    .describe(
      'enough: as many are kept as were wanted; exhausted: no provider has more; failed: every provider failed; limit: the rounds are over; null: it goes on',
    ),
  providers: z.array(
    z.object({
      provider: z.string(),
      queries: z.array(queryYieldSchema),
      found: z.number().int(),
      kept: z.number().int(),
      state: z.enum(['searching', 'stopped', 'exhausted', 'failed']),
      reason: z.string().nullable().describe('Why it failed, and what to try'),
    }),
  ),
});
export type CategorySearch = z.infer<typeof categorySearchSchema>;

export const splitCountsSchema = z.object({
  train: z.number().int(),
  validation: z.number().int(),
  test: z.number().int(),
});

export const stageViewSchema = z.object({
  stage: stageNameSchema,
  state: z.enum(['pending', 'running', 'done', 'failed']),
  done: z.number().int(),
  total: z.number().int(),
  note: z.string().nullable(),
  elapsedMs: z.number(),
});
export type StageView = z.infer<typeof stageViewSchema>;

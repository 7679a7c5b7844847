import { z } from 'zod';

/** GET /api/estimate?categories=&imagesPerCategory=&own=&backbones=: what a run will take, told from finished runs of this service */
export const estimateQuerySchema = z.object({
  categories: z.coerce.number().int().min(0).max(1000).describe('How many'),
  imagesPerCategory: z.coerce
    .number()
    .int()
    .min(0)
    .max(10_000)
    .describe('Kept pictures aimed at; 0: no search'),
  own: z.coerce.number().int().min(0).max(10_000_000).default(0).describe('Own pictures'),
  backbones: z.coerce.number().int().min(1).max(1000).describe('Backbones to search'),
});
export type EstimateQuery = z.infer<typeof estimateQuerySchema>;

const rangeSchema = z.object({ low: z.number(), high: z.number() });

export const estimateSchema = z.object({
  runs: z.number().int().describe('Finished runs it is told from; with none everything else is null'),
  downloads: rangeSchema.nullable().describe('Pictures to be downloaded so that enough are kept'),
  bytes: rangeSchema.nullable(),
  ms: rangeSchema.nullable().describe('Working time on this machine'),
});
export type Estimate = z.infer<typeof estimateSchema>;

import { z } from 'zod';
import { diagnosisSchema, learningCurveSchema } from '../../../zoo/index.js';

/** What a run says about its own result; part of GET /api/runs/{runId}/report. */
export const confusionSchema = z.object({
  labels: z.array(z.string()),
  counts: z.array(z.array(z.number().int())).describe('Rows: the category; columns: what was answered'),
  pictures: z.number().int(),
});
export type Confusion = z.infer<typeof confusionSchema>;

/** Fields of the report. */
export const evidenceFields = {
  learningCurve: learningCurveSchema
    .nullable()
    .default(null)
    .describe('How many more pictures would help; null for runs of an older version'),
  diagnosis: z
    .array(diagnosisSchema)
    .default([])
    .describe('What is wrong, which part is to blame, and what to do; the worst first'),
  confusion: confusionSchema
    .nullable()
    .default(null)
    .describe(
      'What the winner takes for what: development pictures, each predicted by a model that had not seen it; the pictures of a cell: GET /api/runs/{runId}/predictions',
    ),
};
export type Evidence = z.infer<z.ZodObject<typeof evidenceFields>>;

/** GET /api/runs/{runId}/predictions?truth=&predicted=&offset=&limit= */
export const predictionQuerySchema = z.object({
  truth: z.string().optional().describe('Only pictures of this category'),
  predicted: z.string().optional().describe('Only pictures that were taken for this category'),
  wrong: z.enum(['true', 'false']).optional().describe('true: only wrong answers; false: only right ones'),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type PredictionQuery = z.infer<typeof predictionQuerySchema>;

export const heldOutPredictionSchema = z.object({
  imageId: z.uuid().describe('GET /api/images/{imageId}/content'),
  sha256: z.string(),
  truth: z.string(),
  predicted: z.string(),
  confidence: z
    .number()
    .describe('Calibrated probability of the answer, by a model that had not seen the picture'),
});
export const predictionPageSchema = z.object({
  total: z.number().int(),
  offset: z.number().int(),
  items: z.array(heldOutPredictionSchema).describe('The surest answers first'),
});
export type PredictionPage = z.infer<typeof predictionPageSchema>;

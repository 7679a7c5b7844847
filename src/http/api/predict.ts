import { z } from 'zod';
import { PREDICT_LIMITS } from '../../config/predict-limits.js';

/** The shapes of POST /api/models/{model}/predict. */

/** POST /api/models/{model}/predict?top= */
export const predictQuerySchema = z.object({
  top: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe('Tell only the k most probable labels, and list them in order under `top`'),
  heatmap: z
    .enum(['0', '1'])
    .optional()
    .describe('1: also tell where each picture was decided (at most 8 pictures)'),
});
export type PredictQuery = z.infer<typeof predictQuerySchema>;

const encoded = z.string().min(1).describe('The bytes of a picture file in base64, or as a data: URL');
const address = z.string().min(1).max(PREDICT_LIMITS.maxUrlLength).describe('Address of a picture');

const text = z.string().describe('A text, for a model of texts');

/** The JSON body of POST /api/models/{model}/predict; all together, images before urls before texts. */
export const predictBodySchema = z
  .strictObject({
    image: encoded.optional(),
    images: z.array(encoded).min(1).max(PREDICT_LIMITS.maxPictures).optional(),
    url: address.optional(),
    urls: z.array(address).min(1).max(PREDICT_LIMITS.maxUrls).optional(),
    text: text.optional(),
    texts: z.array(text).min(1).max(PREDICT_LIMITS.maxPictures).optional(),
  })
  .refine((body) => Object.values(body).some((value) => value !== undefined), {
    message: 'names nothing to predict: give image, images, url, urls, text or texts',
  });
export type PredictBody = z.infer<typeof predictBodySchema>;

/** POST /api/models/{model}/explain?label= */
export const explainQuerySchema = z.object({
  label: z.string().max(500).optional().describe('The label to look for; default: the predicted one'),
});
export type ExplainQuery = z.infer<typeof explainQuerySchema>;

export const heatMapSchema = z.object({
  label: z.string(),
  method: z.enum(['class-activation', 'occlusion']),
  rows: z.number().int(),
  columns: z.number().int(),
  values: z
    .array(z.number())
    .describe('Row by row: high where the picture speaks for the label, below 0 where against it'),
  png: z.string().describe('Drawn over the picture, as a data: URL'),
});
export type HeatMapView = z.infer<typeof heatMapSchema>;

const shareSchema = z.object({ label: z.string(), confidence: z.number() });

export const predictionSchema = z.object({
  file: z.string().nullable().describe('Name of the file, or the address, that it was sent under'),
  label: z.string(),
  confidence: z.number().describe('Probability of the label, 0..1, calibrated on pictures held out'),
  probabilities: z
    .record(z.string(), z.number())
    .describe('Of every label, adding up to 1; with ?top=k of the k most probable'),
  unknown: z
    .boolean()
    .describe('The confidence is below what the model was found to need: likely none of its labels'),
  top: z.array(shareSchema).optional().describe('With ?top=k: the most probable labels, best first'),
  heatmap: heatMapSchema.optional().describe('With ?heatmap=1: where the picture was decided'),
});
export type PredictionView = z.infer<typeof predictionSchema>;

export const failedPredictionSchema = z.object({
  file: z.string().nullable(),
  error: z.object({
    code: z
      .string()
      .describe('Such as corrupt, not-an-image, too-many-pixels, bad-base64 or private-address'),
    message: z.string(),
  }),
});
export type FailedPrediction = z.infer<typeof failedPredictionSchema>;

export const predictResponseSchema = z.object({
  model: z.string().describe('Id of the model that answered'),
  version: z.number().int().nullable().describe('Its version within its project; null for a package alone'),
  dataset: z.string().nullable().describe('Version of the data set that it was trained on'),
  predictions: z
    .array(z.union([predictionSchema, failedPredictionSchema]))
    .describe('In the order of the pictures. Among several, a picture that cannot be read fails alone'),
});
export type PredictResponse = z.infer<typeof predictResponseSchema>;

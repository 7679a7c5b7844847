import { z } from 'zod';

/** GET /api/ready: 200 when all checks pass, 503 otherwise */
export const readySchema = z.object({
  ready: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string().nullable() })),
});
export type Ready = z.infer<typeof readySchema>;

const driftSchema = z.object({
  at: z.iso.datetime(),
  kind: z.enum(['confidence', 'embedding']),
  statistic: z.number().describe('Kolmogorov-Smirnov distance, or energy distance'),
  pValue: z.number().describe('By permutation'),
  threshold: z
    .number()
    .describe('Alarm at or below this p-value: the share of false alarms when nothing has changed'),
  window: z.number().int().describe('Live predictions compared'),
  alarm: z.boolean(),
});
export type DriftView = z.infer<typeof driftSchema>;

/** GET /api/models/{model}/monitoring */
export const monitoringSchema = z.object({
  modelId: z.uuid(),
  predictions: z.number().int().describe('In the log, within its retention'),
  errors: z.number().int(),
  meanConfidence: z.number().nullable(),
  meanLatencyMs: z.number().nullable(),
  labels: z.record(z.string(), z.number().int()).describe('How often each label was answered'),
  drift: z.array(driftSchema).describe('Newest first, at most 50'),
});
export type Monitoring = z.infer<typeof monitoringSchema>;

/** GET /api/models/{model}/predictions?offset=&limit=, newest first */
export const predictionLogQuerySchema = z.object({
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export const predictionLogSchema = z.object({
  total: z.number().int(),
  offset: z.number().int(),
  items: z.array(
    z.object({
      at: z.iso.datetime(),
      sha256: z.string(),
      label: z.string().nullable().describe('null: the prediction failed'),
      confidence: z.number().nullable(),
      latencyMs: z.number(),
      error: z.string().nullable(),
      kept: z.boolean().describe('Whether the picture itself was kept (GRAFT_KEEP_PICTURES)'),
    }),
  ),
});
export type PredictionLog = z.infer<typeof predictionLogSchema>;

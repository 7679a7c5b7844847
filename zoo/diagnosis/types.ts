import { z } from 'zod';

export const diagnosisCodeSchema = z.enum([
  'too-few-pictures',
  'unbalanced-pictures',
  'confusable-categories',
  'label-errors',
  'backbone-mismatch',
  'head-overfit',
  'head-underfit',
  'domain-gap',
]);
export type DiagnosisCode = z.infer<typeof diagnosisCodeSchema>;

/** One thing that is wrong, with the numbers that show it and what to do about it. */
export const diagnosisSchema = z.object({
  code: diagnosisCodeSchema,
  blames: z.enum(['data', 'backbone', 'head']).describe('Which part is to blame'),
  severity: z
    .enum(['high', 'medium'])
    .describe('high: the accuracy cannot be trusted or is far lower for it'),
  message: z.string(),
  evidence: z.record(z.string(), z.number()),
  fix: z.string(),
  categories: z.array(z.string()).describe('Those it is about; empty: all'),
  examples: z.array(z.string()).describe('Ids of pictures that show it'),
});
export type Diagnosis = z.infer<typeof diagnosisSchema>;

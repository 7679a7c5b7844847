import { z } from 'zod';
import { diagnosisSchema } from '../diagnosis/types.js';
import { learningCurveSchema } from '../learning-curve/types.js';
import type { InputSpec } from '../preprocess/input-spec.js';
import type { TextInput } from '../text/input.js';

/** Changes when an older Graft could no longer read a package. */
export const PACKAGE_FORMAT = 1;

const interval = z.tuple([z.number(), z.number()]);
const score = z.object({
  accuracy: z.number().min(0).max(1),
  interval: interval.describe('Wilson 95 %'),
  count: z.number().int().nonnegative(),
});

const triple = z.tuple([z.number(), z.number(), z.number()]).readonly();

/** How a picture becomes the model's input; the file itself does all that comes after the resizing. */
export const inputSpecSchema = z.object({
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  layout: z.enum(['nhwc', 'nchw']),
  channels: z.enum(['rgb', 'bgr']),
  scale: z.number(),
  mean: triple,
  std: triple,
  resize: z.enum(['squish', 'crop']),
  cropShare: z.number().optional(),
  kernel: z.enum(['cubic', 'linear', 'lanczos3']),
}) satisfies z.ZodType<InputSpec>;

/** How a text becomes the model's input: by the tokenizer in the package. */
export const packagedTextSchema = z.object({
  kind: z.literal('text'),
  maxTokens: z.number().int().positive(),
  parts: z.number().int().positive(),
  padding: z.number().int(),
  tokenizer: z.object({ file: z.string(), sha256: z.string() }),
}) satisfies z.ZodType<TextInput>;
export type PackagedText = z.infer<typeof packagedTextSchema>;

/** `manifest.json`: everything about a package that is not weights. */
export const packageManifestSchema = z.object({
  format: z.literal(PACKAGE_FORMAT),
  graftVersion: z.string(),
  runId: z.string(),
  createdAt: z.iso.datetime(),
  seed: z.number().int(),
  labels: z.array(z.string()).min(2).describe('In the order of the outputs'),
  model: z.object({ file: z.string(), sha256: z.string(), bytes: z.number().int() }),
  input: z.union([inputSpecSchema, packagedTextSchema]),
  backbone: z.object({
    id: z.string(),
    title: z.string(),
    licence: z.string(),
    origin: z.string(),
    pretrainedOn: z.string(),
    weightsSha256: z.string(),
  }),
  selected: z.object({
    backbone: z.string(),
    tap: z.string(),
    head: z.string(),
    params: z.record(z.string(), z.union([z.number(), z.string()])),
    validation: score,
    test: score,
    cost: z.object({
      trainableParams: z.number().int(),
      totalParams: z.number().int(),
      latencyMs: z.number().nullable(),
      flops: z.number().nullable().default(null),
      bytes: z.number().int().nullable().default(null),
    }),
  }),
  temperature: z.number().positive(),
  unknownBelow: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .default(null)
    .describe(
      'Confidence under which the answer should be "unknown"; chosen so that one in twenty right held-out predictions fall below it. Null: too few pictures to say',
    ),
  dataset: z.string().nullable().default(null).describe('Version of the data set it was trained on'),
  pictures: z
    .record(z.string(), z.number().int())
    .describe('Pictures of each category it was made from, test pictures included'),
  learningCurve: learningCurveSchema.optional().describe('Missing in packages of an older version'),
  diagnosis: z.array(diagnosisSchema).optional(),
});
export type PackageManifest = z.infer<typeof packageManifestSchema>;

/** Names of the files in a package. */
export const PACKAGE_FILES = Object.freeze({
  model: 'model.onnx',
  manifest: 'manifest.json',
  labels: 'labels.json',
  preprocess: 'preprocess.json',
  /** Only where the model takes texts. */
  tokenizer: 'tokenizer.json',
  card: 'README.md',
  golden: 'golden.json',
});

import { z } from 'zod';
import type { BackboneCard } from '../backbones/card.js';
import type { InputSpec } from '../preprocess/input-spec.js';
import { HubError } from './errors.js';

/** Ids are names of folders, too. */
export const CARD_ID = /^[a-z0-9][a-z0-9._-]{0,99}$/;

const triple = z.tuple([z.number(), z.number(), z.number()]);
const positives = z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]);

/** 'x', 'x/255', 'x/127.5' or the factor itself. */
const scale = z.union([
  z.number().positive(),
  z
    .string()
    .regex(/^x(\/\d+(\.\d+)?)?$/, 'is "x", or "x/" and a number')
    .transform((text) => 1 / Number(text.slice(2) || 1)),
]);

const inputSchema = z.object({
  shape: z.tuple([z.unknown(), z.int().positive(), z.int().positive(), z.int().positive()]),
  layout: z.enum(['NCHW', 'NHWC']),
  channels: z.enum(['RGB', 'BGR']).default('RGB'),
  scale: scale.default(1 / 255),
  mean: triple,
  std: positives,
  resize: z.enum(['crop', 'squish']).default('crop'),
  cropShare: z.number().gt(0).max(1).optional(),
  kernel: z.enum(['cubic', 'linear', 'lanczos3']).default('linear'),
});

const entrySchema = z.object({
  id: z.string().regex(CARD_ID, 'is lower-case letters, digits, dots and dashes'),
  file: z.string().regex(/^(?![/\\])(?!.*\.\.)[^:]+$/, 'is a path below the zoo.json'),
  title: z.string().optional(),
  family: z.string().min(1),
  bytes: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'is 64 hexadecimal digits'),
  input: inputSchema,
  licence: z.string().min(1),
  source: z.string().default('not stated'),
  pretrainedOn: z.string().default('ImageNet'),
});

type Entry = z.infer<typeof entrySchema>;

function inputOf({ shape, layout, channels, ...rest }: Entry['input']): InputSpec {
  const nchw = layout === 'NCHW';
  return {
    ...rest,
    height: nchw ? shape[2] : shape[1],
    width: nchw ? shape[3] : shape[2],
    layout: nchw ? 'nchw' : 'nhwc',
    channels: channels === 'RGB' ? 'rgb' : 'bgr',
  };
}

const cardOf = (entry: Entry, base: string): BackboneCard => ({
  id: entry.id,
  title: entry.title ?? entry.family,
  family: entry.family,
  licence: entry.licence,
  origin: entry.source,
  pretrainedOn: entry.pretrainedOn,
  weights: {
    kind: 'download',
    url: new URL(entry.file, base).href,
    bytes: entry.bytes,
    sha256: entry.sha256,
  },
  input: inputOf(entry.input),
});

/**
 * Reads a `zoo.json`: a list of cards, their files beside it. Taps that it lists are not used: those found in the graph include
 * the wide activations, too.
 *
 * @param base address of the folder it lies in, ending in a slash.
 * @throws HubError naming the card and the field that is wrong.
 */
export function readZooFile(text: string, base: string): BackboneCard[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new HubError('bad-zoo-file', `The zoo.json at ${base} is no JSON.`, { cause: error });
  }
  const result = z.array(entrySchema).safeParse(json);
  if (result.success) return result.data.map((entry) => cardOf(entry, base));
  const [issue] = result.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new HubError(
    'bad-zoo-file',
    `The zoo.json at ${base} cannot be used: ${where} ${issue?.message ?? ''}.`,
  );
}

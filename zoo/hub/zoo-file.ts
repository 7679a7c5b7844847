import { z } from 'zod';
import type { BackboneCard, DownloadSource } from '../backbones/card.js';
import type { InputSpec } from '../preprocess/input-spec.js';
import type { TextCard } from '../text/backbones/card.js';
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

const fileSchema = entrySchema.pick({ file: true, bytes: true, sha256: true });

/** A sentence encoder: a network and the `tokenizer.json` it was trained with. */
const textEntrySchema = entrySchema.omit({ input: true, pretrainedOn: true }).extend({
  modality: z.literal('text'),
  tokenizer: fileSchema,
  maxTokens: z.int().min(8).max(8192).default(256),
  pretrainedOn: z.string().default('not stated'),
});

/** The modality decides what an entry has to say; pictures where none is named. */
const isText = (entry: unknown): boolean => (entry as { modality?: unknown } | null)?.modality === 'text';
const anyEntry = z.unknown().transform((entry, context): Entry | z.infer<typeof textEntrySchema> => {
  const result = (isText(entry) ? textEntrySchema : entrySchema).safeParse(entry);
  if (result.success) return result.data;
  for (const { path, message } of result.error.issues) context.addIssue({ code: 'custom', path, message });
  return z.NEVER;
});

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

const sourceOf = ({ file, bytes, sha256 }: z.infer<typeof fileSchema>, base: string): DownloadSource => ({
  kind: 'download',
  url: new URL(file, base).href,
  bytes,
  sha256,
});

const cardOf = (entry: Entry, base: string): BackboneCard => ({
  id: entry.id,
  title: entry.title ?? entry.family,
  family: entry.family,
  licence: entry.licence,
  origin: entry.source,
  pretrainedOn: entry.pretrainedOn,
  weights: sourceOf(entry, base),
  input: inputOf(entry.input),
});

const textCardOf = (entry: z.infer<typeof textEntrySchema>, base: string): TextCard => ({
  id: entry.id,
  title: entry.title ?? entry.family,
  family: entry.family,
  licence: entry.licence,
  origin: entry.source,
  pretrainedOn: entry.pretrainedOn,
  source: {
    kind: 'encoder',
    model: sourceOf(entry, base),
    tokenizer: sourceOf(entry.tokenizer, base),
    maxTokens: entry.maxTokens,
  },
});

/** The cards of a `zoo.json`. */
export interface ZooFile {
  readonly cards: readonly BackboneCard[];
  readonly texts: readonly TextCard[];
}

/**
 * Reads a `zoo.json`: a list of cards, their files beside it. Taps that it lists are not used: those found in the graph include
 * the wide activations, too.
 *
 * @param base address of the folder it lies in, ending in a slash.
 * @throws HubError naming the card and the field that is wrong.
 */
export function readZooFile(text: string, base: string): ZooFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new HubError('bad-zoo-file', `The zoo.json at ${base} is no JSON.`, { cause: error });
  }
  const result = z.array(anyEntry).safeParse(json);
  if (result.success) {
    return {
      cards: result.data.flatMap((entry) => ('input' in entry ? [cardOf(entry, base)] : [])),
      texts: result.data.flatMap((entry) => ('tokenizer' in entry ? [textCardOf(entry, base)] : [])),
    };
  }
  const [issue] = result.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new HubError(
    'bad-zoo-file',
    `The zoo.json at ${base} cannot be used: ${where} ${issue?.message ?? ''}.`,
  );
}

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { InputSpec } from '../preprocess/input-spec.js';

/** What is known of an input; the rest is filled in from elsewhere. */
export type InputHints = Partial<InputSpec>;

const triple = z.tuple([z.number(), z.number(), z.number()]);
const size = z.union([
  z.number(),
  z.object({
    height: z.number().optional(),
    width: z.number().optional(),
    shortest_edge: z.number().optional(),
  }),
]);

/** `preprocessor_config.json` of the transformers library; of timm's `config.json`, the part `pretrained_cfg`. */
const transformersSchema = z.object({
  size: size.optional(),
  crop_size: size.optional(),
  crop_pct: z.number().optional(),
  do_center_crop: z.boolean().optional(),
  do_normalize: z.boolean().optional(),
  do_rescale: z.boolean().optional(),
  do_flip_channel_order: z.boolean().optional(),
  rescale_factor: z.number().optional(),
  image_mean: triple.optional(),
  image_std: triple.optional(),
  resample: z.number().optional(),
});

type Size = z.infer<typeof size> | undefined;

function sides(given: Size): { height?: number; width?: number } {
  if (typeof given === 'number') return { height: given, width: given };
  const edge = given?.shortest_edge;
  const [height, width] = [given?.height ?? edge, given?.width ?? edge];
  return { ...(height === undefined ? {} : { height }), ...(width === undefined ? {} : { width }) };
}

const shortest = (given: Size): number | undefined =>
  typeof given === 'number' ? given : given?.shortest_edge;

/** Numbers of Pillow's filters. */
const KERNELS: Readonly<Record<number, InputSpec['kernel']>> = { 1: 'lanczos3', 2: 'linear', 3: 'cubic' };

/** How a transformers preprocessor prepares pictures. A short side larger than the crop is a crop of that share. */
function fromTransformers(json: unknown): InputHints {
  const config = transformersSchema.parse(json);
  const crop = config.do_center_crop === true ? sides(config.crop_size ?? config.size) : sides(config.size);
  const edge = shortest(config.size);
  const share = config.crop_pct ?? (edge && crop.height ? Math.min(1, crop.height / edge) : undefined);
  const cropped = config.do_center_crop === true || edge !== undefined;
  const none = [0, 0, 0] as const;
  const one = [1, 1, 1] as const;
  const normalise = config.do_normalize !== false;
  return {
    ...crop,
    channels: config.do_flip_channel_order === true ? 'bgr' : 'rgb',
    scale: config.do_rescale === false ? 1 : (config.rescale_factor ?? 1 / 255),
    mean: normalise ? (config.image_mean ?? none) : none,
    std: normalise ? (config.image_std ?? one) : one,
    resize: cropped ? 'crop' : 'squish',
    ...(share !== undefined && share < 1 && cropped ? { cropShare: share } : {}),
    kernel: KERNELS[config.resample ?? 2] ?? 'linear',
  };
}

const teachableSchema = z.object({
  tfjsVersion: z.string(),
  imageSize: z.number().default(224),
  packageName: z.string().optional(),
});

/** Teachable Machine's `metadata.json`: pictures are cropped to a square and brought to -1..1. */
function fromTeachableMachine(json: unknown): InputHints {
  const { imageSize } = teachableSchema.parse(json);
  return {
    height: imageSize,
    width: imageSize,
    channels: 'rgb',
    scale: 1 / 127.5,
    mean: [1, 1, 1],
    std: [1, 1, 1],
    resize: 'crop',
    kernel: 'linear',
  };
}

/** What was found beside a network. */
export interface FoundPreprocessing {
  readonly hints: InputHints;
  /** The file it was read from. */
  readonly file: string;
  readonly teachableMachine: boolean;
}

const KNOWN_FILES = [
  { name: 'preprocessor_config.json', read: fromTransformers, teachableMachine: false },
  { name: 'metadata.json', read: fromTeachableMachine, teachableMachine: true },
] as const;

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'));
}

/** Looks for a description of the preprocessing in a network's folder and the one above (where hubs keep it). */
export async function findPreprocessing(folder: string): Promise<FoundPreprocessing | null> {
  for (const place of [folder, path.dirname(folder)]) {
    for (const { name, read, teachableMachine } of KNOWN_FILES) {
      const file = path.join(place, name);
      const json = await readJson(file).catch(() => null);
      if (json === null) continue;
      const hints = await Promise.resolve(json)
        .then(read)
        .catch(() => null);
      if (hints) return { hints, file, teachableMachine };
    }
  }
  return null;
}

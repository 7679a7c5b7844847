import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { InputSpec } from '../preprocess/input-spec.js';

/** What is known of an input; the rest is filled in from elsewhere. */
export type InputHints = Partial<InputSpec>;

const side = z.int().positive().max(4096);
const share = z.number().gt(0).max(1);
const triple = z.tuple([z.number(), z.number(), z.number()]);
const positives = z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]);
const size = z.union([
  side,
  z.object({ height: side.nullish(), width: side.nullish(), shortest_edge: side.nullish() }),
]);

/** `preprocessor_config.json` of the transformers library; what is not stated may be null there. */
const transformersSchema = z.object({
  size: size.nullish(),
  crop_size: size.nullish(),
  crop_pct: share.nullish(),
  do_center_crop: z.boolean().nullish(),
  do_normalize: z.boolean().nullish(),
  do_rescale: z.boolean().nullish(),
  do_flip_channel_order: z.boolean().nullish(),
  rescale_factor: z.number().positive().nullish(),
  image_mean: triple.nullish(),
  image_std: positives.nullish(),
  resample: z.number().nullish(),
});

type Transformers = z.infer<typeof transformersSchema>;
type Size = Transformers['size'];

function sides(given: Size): { height?: number; width?: number } {
  if (typeof given === 'number') return { height: given, width: given };
  const edge = given?.shortest_edge;
  const [height, width] = [given?.height ?? edge, given?.width ?? edge];
  return { ...(height ? { height } : {}), ...(width ? { width } : {}) };
}

/** From this side on, ConvNeXt's preprocessor (the one with `crop_pct`) stretches pictures instead of cropping them. */
const STRETCHED_FROM = 384;

/** A short side larger than the crop is a crop of that share; one number alone is the side of a square that all of it is put into. */
function geometryOf(config: Transformers): InputHints {
  const { size, crop_size, crop_pct, do_center_crop } = config;
  const edge = typeof size === 'number' ? size : size?.shortest_edge;
  const from = edge ?? sides(size).height;
  const crop = do_center_crop === true ? sides(crop_size ?? size) : sides(size);
  if (crop.height === undefined) return {};
  const stretched = crop_pct ? crop.height >= STRETCHED_FROM : typeof size === 'number' || !edge;
  if (stretched && do_center_crop !== true) return { ...crop, resize: 'squish' };
  const part = crop_pct ?? (from ? Math.min(1, crop.height / from) : 1);
  return { ...crop, resize: 'crop', ...(part < 1 ? { cropShare: part } : {}) };
}

/** Without a mean, a preprocessor that normalises takes that of its class, which is not stated. */
function normalisationOf({ do_normalize, image_mean, image_std }: Transformers): InputHints {
  if (do_normalize === false) return { mean: [0, 0, 0], std: [1, 1, 1] };
  return { ...(image_mean ? { mean: image_mean } : {}), ...(image_std ? { std: image_std } : {}) };
}

/** Numbers of Pillow's filters. */
const KERNELS: Readonly<Record<number, InputSpec['kernel']>> = { 1: 'lanczos3', 2: 'linear', 3: 'cubic' };

/** How a transformers preprocessor prepares pictures. */
function fromTransformers(json: unknown): InputHints {
  const config = transformersSchema.parse(json);
  const kernel = KERNELS[config.resample ?? NaN];
  return {
    ...geometryOf(config),
    ...normalisationOf(config),
    channels: config.do_flip_channel_order === true ? 'bgr' : 'rgb',
    scale: config.do_rescale === false ? 1 : (config.rescale_factor ?? 1 / 255),
    ...(kernel ? { kernel } : {}),
  };
}

/** Of timm's `config.json`, the part `pretrained_cfg`. */
const timmSchema = z.object({
  input_size: z.tuple([z.literal(3), side, side]),
  interpolation: z.string().nullish(),
  crop_pct: share.nullish(),
  crop_mode: z.string().nullish(),
  mean: triple,
  std: positives,
});

const TIMM_KERNELS: Readonly<Record<string, InputSpec['kernel']>> = {
  bilinear: 'linear',
  bicubic: 'cubic',
  lanczos: 'lanczos3',
};

/** How timm prepares pictures; 0.875 is its own default. */
function fromTimm(json: unknown): InputHints {
  const { input_size, interpolation, crop_pct, crop_mode, mean, std } = timmSchema.parse(json);
  const kernel = TIMM_KERNELS[interpolation ?? ''];
  const cropShare = crop_pct ?? 0.875;
  return {
    height: input_size[1],
    width: input_size[2],
    channels: 'rgb',
    scale: 1 / 255,
    mean,
    std,
    resize: crop_mode === 'squash' ? 'squish' : 'crop',
    ...(crop_mode !== 'squash' && cropShare < 1 ? { cropShare } : {}),
    ...(kernel ? { kernel } : {}),
  };
}

const object = z.record(z.string(), z.unknown());

/** timm writes both files; those of transformers say nothing of the input in `config.json`. */
function readConfig(json: unknown): InputHints | null {
  const { pretrained_cfg, data_config = pretrained_cfg } = object.parse(json);
  return data_config === undefined ? null : fromTimm(data_config);
}

function readPreprocessor(json: unknown): InputHints | null {
  const described = object.parse(json);
  const says = Object.keys(transformersSchema.shape).some((key) => key in described);
  return readConfig(described) ?? (says ? fromTransformers(described) : null);
}

/**
 * Files of a repository that describe the input, the first that is there. `read` gives null where one says nothing of it.
 *
 * @throws ZodError from `read`, for values of an unknown kind.
 */
export const DESCRIPTIONS = [
  { name: 'preprocessor_config.json', read: readPreprocessor },
  { name: 'config.json', read: readConfig },
] as const;

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
  ...DESCRIPTIONS.map((known) => ({ ...known, teachableMachine: false })),
  { name: 'metadata.json', read: fromTeachableMachine, teachableMachine: true },
];

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

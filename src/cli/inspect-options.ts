import { InvalidArgumentError, Option } from 'commander';
import { SAFETY_CHOICES, type RunSettings } from '../config/settings.js';
import { DEFAULT_INSPECT_LIMITS, inspectLimitsSchema } from '../dataset/inspect/settings.js';

export const safetyOption = (): Option =>
  new Option(
    '--safety <pictures>',
    'which pictures are dropped when they are unsafe: crawled ones (default), all, or off for none',
  ).choices(SAFETY_CHOICES);

type Limits = Partial<RunSettings['inspect']>;

function readLimit(raw: string): Limits {
  const at = raw.indexOf('=');
  const [name, value] = [raw.slice(0, at).trim(), Number(raw.slice(at + 1).trim() || Number.NaN)];
  const parsed = inspectLimitsSchema.partial().safeParse({ [name]: value });
  if (at > 0 && parsed.success) return { [name]: value };
  const known = Object.entries(DEFAULT_INSPECT_LIMITS).map(([limit, number]) => `${limit}=${number}`);
  throw new InvalidArgumentError(
    `It looks like limit=number. The limits and their defaults: ${known.join(', ')}.`,
  );
}

/** Collects `--inspect minSidePixels=64,maxAspect=3`. */
export const collectLimits = (raw: string, previous: Limits = {}): Limits =>
  raw.split(',').reduce((all: Limits, one) => ({ ...all, ...readLimit(one) }), previous);

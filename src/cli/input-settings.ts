import type { InputSpec } from '../../zoo/index.js';

/** What is said of the input of a network; the rest is left to others. */
export type InputHints = Partial<InputSpec>;

/** What can be said of the input of a network: as a flag, and in answer to a question. */
export interface InputSetting {
  readonly name: 'size' | 'scale' | 'mean' | 'std' | 'layout' | 'channels' | 'resize' | 'kernel';
  readonly placeholder: string;
  readonly says: string;
  readonly example: string;
  /** What a text says of the input; null for a text that cannot be read. */
  readonly read: (text: string) => InputHints | null;
}

type Triple = [number, number, number];

function readSize(text: string): InputHints | null {
  const [, width, height = width] = /^(\d+)(?:x(\d+))?$/.exec(text) ?? [];
  return Number(width) && Number(height) ? { width: Number(width), height: Number(height) } : null;
}

function readFactor(text: string): InputHints | null {
  const [, top, bottom = 1] = /^(\d*\.?\d+)(?:\/(\d*\.?\d+))?$/.exec(text) ?? [];
  const scale = Number(top) / Number(bottom);
  return scale > 0 && Number.isFinite(scale) ? { scale } : null;
}

function readTriple(text: string): Triple | null {
  const [a = NaN, b = a, c = a, ...others] = text.split(',').map((part) => Number(part.trim() || NaN));
  return [a, b, c].every(Number.isFinite) && others.length === 0 ? [a, b, c] : null;
}

function readMean(text: string): InputHints | null {
  const mean = readTriple(text);
  return mean && { mean };
}

function readStd(text: string): InputHints | null {
  const std = readTriple(text);
  return std?.every((part) => part > 0) ? { std } : null;
}

function oneOf<Name extends 'layout' | 'channels' | 'resize' | 'kernel'>(
  name: Name,
  known: readonly InputSpec[Name][],
): Omit<InputSetting, 'says'> {
  const read = (text: string): InputHints | null => {
    const found = known.find((one) => one === text.toLowerCase());
    return found === undefined ? null : { [name]: found };
  };
  return { name, placeholder: '<which>', example: known.join(', or '), read };
}

/** In the order in which they are asked for. */
export const INPUT_SETTINGS: readonly InputSetting[] = [
  {
    name: 'size',
    placeholder: '<pixels>',
    says: 'side of the input, or WIDTHxHEIGHT',
    example: '224',
    read: readSize,
  },
  {
    name: 'scale',
    placeholder: '<factor>',
    says: 'what a pixel in 0..255 is multiplied by: a number, or 1/255',
    example: '1/255',
    read: readFactor,
  },
  {
    name: 'mean',
    placeholder: '<a,b,c>',
    says: 'subtracted from the scaled channels',
    example: '0.485,0.456,0.406',
    read: readMean,
  },
  {
    name: 'std',
    placeholder: '<a,b,c>',
    says: 'divides what is left',
    example: '0.229,0.224,0.225',
    read: readStd,
  },
  { ...oneOf('layout', ['nchw', 'nhwc']), says: 'order of the axes: nchw or nhwc' },
  { ...oneOf('channels', ['rgb', 'bgr']), says: 'order of the colours: rgb or bgr' },
  {
    ...oneOf('resize', ['crop', 'squish']),
    says: 'how a picture is brought to the size: crop (its middle) or squish (all of it)',
  },
  {
    ...oneOf('kernel', ['linear', 'cubic', 'lanczos3']),
    says: 'how it is resampled: linear, cubic or lanczos3',
  },
];

/** The settings that say something of these keys. */
export const settingsOf = (keys: readonly (keyof InputSpec)[]): InputSetting[] =>
  INPUT_SETTINGS.filter(({ name }) => keys.some((key) => name === (isSide(key) ? 'size' : key)));

const isSide = (key: keyof InputSpec): boolean => key === 'width' || key === 'height';

/** What of an input has common values. */
type CommonInput = Pick<InputSpec, Exclude<keyof InputSpec, 'layout' | 'cropShare'>>;

/** A setting's part of an input as its `read` takes it; empty where that has none. */
export function writeSetting({ name }: InputSetting, input: CommonInput): string {
  if (name === 'size')
    return input.width === input.height ? `${input.width}` : `${input.width}x${input.height}`;
  if (name === 'scale') return `1/${Math.round(1 / input.scale)}`;
  return name === 'layout' ? '' : String(input[name]);
}

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { IMAGE_INPUT } from '../graph/image-input.js';
import type { InputSpec } from '../preprocess/input-spec.js';
import { prepareImage } from '../preprocess/prepare.js';
import type { TensorValue } from '../runtimes/onnx.js';
import { decodeText } from '../text/decode.js';
import { joinTokens, TOKENS_INPUT } from '../text/input.js';
import { openTokenizer } from '../text/tokenizers/open-tokenizer.js';
import { PackageError } from './errors.js';
import type { PackagedText, PackageManifest } from './manifest.js';

/** How the bytes of a picture or a text become the input of a packaged model: all that differs between them. */
export interface PackageInput {
  /**
   * One picture or text as the model wants it: RGB8 pixels, or token numbers (32 bits each).
   *
   * @throws InputError when it cannot be used.
   */
  prepare(bytes: Uint8Array): Promise<Uint8Array>;
  /** Nothing at all, prepared. */
  blank(): Uint8Array;
  /** Several of these as the input of one pass. */
  feed(prepared: readonly Uint8Array[]): Readonly<Record<string, TensorValue>>;
}

/** Whether a package takes texts; the others take pictures. */
export const takesText = (input: PackageManifest['input']): input is PackagedText =>
  'kind' in input && input.kind === 'text';

/** How a package of pictures takes them. @throws PackageError when it takes texts */
export function pictureSpec({ input }: PackageManifest): InputSpec {
  if (takesText(input))
    throw new PackageError('The model takes texts; where it was decided can be shown on pictures only.');
  return input;
}

function pictureInput(spec: InputSpec): PackageInput {
  const { width, height } = spec;
  const size = width * height * 3;
  return {
    prepare: (bytes) => prepareImage(bytes, spec),
    blank: () => new Uint8Array(size),
    feed(prepared) {
      const data = new Uint8Array(prepared.length * size);
      prepared.forEach((picture, i) => data.set(picture, i * size));
      return { [IMAGE_INPUT]: { type: 'uint8', dims: [prepared.length, height, width, 3], data } };
    },
  };
}

async function readTokenizerOf(folder: string, { tokenizer }: PackagedText): Promise<unknown> {
  const file = path.join(folder, path.basename(tokenizer.file));
  const text = await readFile(file, 'utf8').catch(() => {
    throw new PackageError(`${file} is missing. Copy the whole folder, or build the model again.`);
  });
  if (createHash('sha256').update(text).digest('hex') !== tokenizer.sha256)
    throw new PackageError(
      `${file} is not the file the manifest was written for. Copy the whole folder again.`,
    );
  return JSON.parse(text);
}

async function textInput(folder: string, input: PackagedText): Promise<PackageInput> {
  const tokenizer = openTokenizer(await readTokenizerOf(folder, input), input);
  return {
    prepare: (bytes) =>
      new Promise((resolve) => resolve(new Uint8Array(tokenizer.encode(decodeText(bytes)).buffer))),
    blank: () => new Uint8Array(tokenizer.encode('').buffer),
    feed(prepared) {
      const lists = prepared.map(({ buffer, byteOffset, byteLength }) =>
        // What came through another process may lie anywhere in its buffer.
        byteOffset % 4 === 0
          ? new Int32Array(buffer, byteOffset, byteLength / 4)
          : new Int32Array(buffer.slice(byteOffset, byteOffset + byteLength)),
      );
      return { [TOKENS_INPUT]: { type: 'int64', ...joinTokens(lists, input) } };
    },
  };
}

/** The input of a package. @throws PackageError when its tokenizer is missing or damaged */
export async function openInput(folder: string, { input }: PackageManifest): Promise<PackageInput> {
  return takesText(input) ? textInput(folder, input) : pictureInput(input);
}

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ZooError } from '../../errors.js';
import type { TextInput } from '../input.js';
import {
  ngramTokenizerSchema,
  openNgramTokenizer,
  openWordTokenizer,
  wordTokenizerSchema,
} from './own-tokenizers.js';
import type { TextTokenizer } from './tokenizer.js';

const ownSchema = z.discriminatedUnion('kind', [wordTokenizerSchema, ngramTokenizerSchema]);

/** Opens a tokenizer from what its file holds. @throws ZooError saying what of it is not known here */
export function openTokenizer(json: unknown, input: TextInput): TextTokenizer {
  const own = ownSchema.safeParse(json);
  if (!own.success) throw new ZooError(`The tokenizer cannot be used: ${z.prettifyError(own.error)}`);
  return own.data.kind === 'words' ? openWordTokenizer(own.data, input) : openNgramTokenizer(own.data, input);
}

/** Opens a tokenizer file. @throws ZooError when it is missing or not one */
export async function readTokenizer(file: string, input: TextInput): Promise<TextTokenizer> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new ZooError(`The tokenizer ${file} cannot be read. Copy the whole folder again.`, {
      cause: error,
    });
  }
  return openTokenizer(json, input);
}

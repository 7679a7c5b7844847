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
import { publishedTokenizerSchema, type PublishedTokenizer } from './published-schema.js';
import { openPublishedTokenizer } from './published-tokenizer.js';
import type { TextTokenizer } from './tokenizer.js';

const ownSchema = z.discriminatedUnion('kind', [wordTokenizerSchema, ngramTokenizerSchema]);

/** @throws ZooError saying what of a published tokenizer is not known here */
export function readPublished(json: unknown): PublishedTokenizer {
  const published = publishedTokenizerSchema.safeParse(json);
  if (published.success) return published.data;
  throw new ZooError(
    `The tokenizer cannot be used (WordPiece and Unigram are known): ${z.prettifyError(published.error)}`,
  );
}

/** Opens a tokenizer from what its file holds. @throws ZooError saying what of it is not known here */
export function openTokenizer(json: unknown, input: TextInput): TextTokenizer {
  const own = ownSchema.safeParse(json);
  if (own.success)
    return own.data.kind === 'words'
      ? openWordTokenizer(own.data, input)
      : openNgramTokenizer(own.data, input);
  return openPublishedTokenizer(readPublished(json), input);
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

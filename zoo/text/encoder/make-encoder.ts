import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { DownloadSource, OnnxFileSource } from '../../backbones/card.js';
import { ChecksumError, MissingWeightsError, ZooError } from '../../errors.js';
import { readModel } from '../../graph/model-file.js';
import { fetchWeights, forgetDownload } from '../../hub/fetch-weights.js';
import type { EncoderSource, TextCard } from '../backbones/card.js';
import type { MadeText } from '../backbones/make.js';
import { readPublished } from '../tokenizers/open-tokenizer.js';
import { paddingOf } from '../tokenizers/published-tokenizer.js';
import { tapEncoder } from './encoder-taps.js';

/** Where files are fetched to, and who is told. */
export interface EncoderFetch {
  readonly cacheDir: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

type Source = DownloadSource | OnnxFileSource;

/** The two files of an encoder, by the id under which each is cached and locked. */
const filesOf = (id: string, { model, tokenizer }: EncoderSource): [string, Source][] => [
  [id, model],
  [`${id}-tokenizer`, tokenizer],
];

async function readSource(id: string, source: Source, fetch: EncoderFetch): Promise<Buffer> {
  const { cacheDir, signal, onProgress } = fetch;
  const tell = (done: number, total: number | null): void => onProgress?.(done, total ?? done);
  const file =
    source.kind === 'download'
      ? await fetchWeights(id, source, cacheDir, { signal, onProgress: tell })
      : source;
  const bytes = await readFile(file.path).catch((error: unknown) => {
    throw new MissingWeightsError(`There is no file at ${file.path}.`, { cause: error });
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== file.sha256) throw new ChecksumError(file.path, file.sha256, sha256);
  return bytes;
}

function parseJson(text: string, id: string): object {
  try {
    return JSON.parse(text) as object;
  } catch (error) {
    throw new ZooError(`The tokenizer of ${id} is no JSON.`, { cause: error });
  }
}

/**
 * Fetches a published encoder and finds its depths.
 *
 * @throws HubError, ChecksumError and MissingWeightsError for its files; GraphError and ZooError for what is in them
 */
export async function makeEncoder(id: string, source: EncoderSource, fetch: EncoderFetch): Promise<MadeText> {
  const [network, words] = filesOf(id, source) as [[string, Source], [string, Source]];
  const json = parseJson((await readSource(...words, fetch)).toString('utf8'), id);
  const padding = paddingOf(readPublished(json));
  const { model, taps } = await tapEncoder(readModel(await readSource(...network, fetch)), padding);
  const input = { kind: 'text' as const, maxTokens: source.maxTokens, parts: 1, padding };
  return { model, tokenizer: json, input, taps };
}

/** Removes the fetched files: the backbone was made from them. */
export async function forgetEncoder({ id, source }: TextCard, cacheDir: string): Promise<void> {
  if (source.kind !== 'encoder') return;
  for (const [name, file] of filesOf(id, source))
    if (file.kind === 'download') await forgetDownload(name, file, cacheDir);
}

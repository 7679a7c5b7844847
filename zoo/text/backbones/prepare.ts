import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { writeModel } from '../../graph/model-file.js';
import type { Tap } from '../../graph/taps.js';
import type { TextInput } from '../input.js';
import type { TrainingOptions } from '../vectors/train.js';
import { WORDS_VERSION } from '../words.js';
import { forgetEncoder, makeEncoder } from '../encoder/make-encoder.js';
import type { InstalledText, TextCard, TextCorpus } from './card.js';
import { makeNgrams, makeVectors, type MadeText } from './make.js';

/** Changes when the same texts could give something else. */
const MAKING_VERSION = 1;

const FILES = { model: 'model.onnx', tokenizer: 'tokenizer.json', facts: 'backbone.json' } as const;

/** What is kept beside model and tokenizer. */
interface Facts {
  readonly sha256: string;
  readonly input: TextInput;
  readonly taps: readonly Tap[];
}

/** What a backbone learnt from, and how: equal keys mean equal backbones. Published ones learn nothing here. */
function keyOf({ id, source }: TextCard, { learnt, unlabelled }: TextCorpus): string {
  const hash = createHash('sha256').update(JSON.stringify([MAKING_VERSION, WORDS_VERSION, id, source]));
  if (source.kind === 'encoder') return hash.digest('hex');
  for (const texts of [learnt, unlabelled]) {
    hash.update(`\u0000${texts.length}`);
    for (const text of texts) hash.update(`\u0000${text}`);
  }
  return hash.digest('hex');
}

const digest = (...parts: readonly (Uint8Array | string)[]): string =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');

async function read(folder: string, card: TextCard): Promise<InstalledText | null> {
  const [modelPath, tokenizerPath] = [path.join(folder, FILES.model), path.join(folder, FILES.tokenizer)];
  try {
    const facts = JSON.parse(await readFile(path.join(folder, FILES.facts), 'utf8')) as Facts;
    const sha256 = digest(await readFile(modelPath), await readFile(tokenizerPath));
    return sha256 === facts.sha256 ? { card, modelPath, tokenizerPath, ...facts } : null;
  } catch {
    return null;
  }
}

async function write(folder: string, { model, tokenizer, input, taps }: MadeText): Promise<void> {
  const bytes = writeModel(model);
  const text = JSON.stringify(tokenizer);
  const facts: Facts = { sha256: digest(bytes, text), input, taps };
  await writeFile(path.join(folder, FILES.model), bytes);
  await writeFile(path.join(folder, FILES.tokenizer), text);
  await writeFile(path.join(folder, FILES.facts), JSON.stringify(facts), { flush: true });
}

/** What making a backbone needs to know. */
interface Making {
  readonly card: TextCard;
  readonly corpus: TextCorpus;
  readonly cacheDir: string;
  readonly run: TrainingOptions;
}

async function make({ card: { id, source }, corpus, cacheDir, run }: Making): Promise<MadeText> {
  if (source.kind === 'ngrams') return makeNgrams(corpus);
  if (source.kind === 'word-vectors') return makeVectors(source, corpus, run);
  return makeEncoder(id, source, { cacheDir, ...run });
}

const folderOf = (card: TextCard, corpus: TextCorpus, cacheDir: string): string =>
  path.join(cacheDir, `${card.id}-${keyOf(card, corpus).slice(0, 16)}`);

const NO_TEXTS: TextCorpus = { learnt: [], unlabelled: [] };

/** A published encoder as {@link prepareText} has left it in `cacheDir`; null when it has not been made ready yet. */
export const findPublished = (card: TextCard, cacheDir: string): Promise<InstalledText | null> =>
  read(folderOf(card, NO_TEXTS, cacheDir), card);

/** Removes a published encoder from `cacheDir`; true where there was something. */
export async function removePublished(card: TextCard, cacheDir: string): Promise<boolean> {
  const there = await findPublished(card, cacheDir);
  await rm(folderOf(card, NO_TEXTS, cacheDir), { recursive: true, force: true });
  await forgetEncoder(card, cacheDir);
  return there !== null;
}

/**
 * Makes a text backbone ready, from the texts of a run or, where it is a published one, from its files: done once, later calls with the
 * same texts find the result in `cacheDir`. Safe to interrupt and to call from several processes.
 *
 * @throws ZooError when the texts do not suffice, HubError and ChecksumError for a published one
 */
export async function prepareText(
  card: TextCard,
  corpus: TextCorpus,
  cacheDir: string,
  run: TrainingOptions = {},
): Promise<InstalledText> {
  const folder = folderOf(card, corpus, cacheDir);
  const there = await read(folder, card);
  if (there) return there;
  await mkdir(cacheDir, { recursive: true });
  const draft = await mkdtemp(path.join(cacheDir, `.${card.id}-`));
  try {
    await write(draft, await make({ card, corpus, cacheDir, run }));
    // Another process may have been faster; a folder that is there and not whole gives way.
    if (!(await read(folder, card))) {
      await rm(folder, { recursive: true, force: true });
      await rename(draft, folder);
    }
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  await forgetEncoder(card, cacheDir);
  const made = await read(folder, card);
  if (!made) throw new Error(`What was written to ${folder} cannot be read back; is the disk full?`);
  return made;
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import { ZooError } from '../../errors.js';
import { createRng } from '../../rng.js';
import { Draws, keepChances, samplingTable } from './draws.js';
import {
  epochsFor,
  minCountFor,
  wordVectorOptionsSchema,
  type WordVectorInput,
  type WordVectorOptions,
} from './options.js';
import { chooseNgrams, ngramsOfWord } from './subwords.js';
import { buildVocabulary, type Vocabulary } from './vocabulary.js';
import { openWorkspace, type Workspace } from './workspace.js';

/** Learnt vectors: row i of `rows` belongs to `words[i]`, and after these to the n-grams, in the order of their indices. */
export interface WordVectors {
  readonly words: readonly string[];
  /** How often each word occurs in the text. */
  readonly counts: readonly number[];
  readonly width: number;
  /** Row-major, `width` numbers a row: words first (n-grams already mixed in), then n-grams. */
  readonly rows: Float32Array;
  /** Row of each n-gram less the number of words; empty without subwords. */
  readonly ngrams: ReadonlyMap<string, number>;
  readonly options: WordVectorOptions;
  /** Words of the text that were gone through, all passes together. */
  readonly wordsSeen: number;
}

export interface TrainingOptions {
  readonly signal?: AbortSignal;
  /** Told a few times a second. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Words between two looks at the event loop. */
const WORDS_A_TURN = 20_000;
const LAST_RATE_SHARE = 1e-3;
/** WebAssembly addresses what 32 bits can. */
const MOST_BYTES = 3.5 * 2 ** 30;

/** The text as word numbers, one sentence after the other; words without a vector are left out. */
interface Corpus {
  readonly words: Int32Array;
  /** Where each sentence ends. */
  readonly ends: Int32Array;
  /** Words of the text, those left out included: what is counted as progress. */
  readonly total: number;
}

function encode(sentences: readonly (readonly string[])[], { indexOf }: Vocabulary): Corpus {
  const words: number[] = [];
  const ends = new Int32Array(sentences.length);
  let total = 0;
  sentences.forEach((sentence, at) => {
    total += sentence.length;
    for (const word of sentence) {
      const index = indexOf.get(word);
      if (index !== undefined) words.push(index);
    }
    ends[at] = words.length;
  });
  return { words: Int32Array.from(words), ends, total };
}

/** Input vectors of each word: its own, then those of its n-grams. Row numbers, end to end. */
interface RowsOfWords {
  readonly rows: Int32Array;
  readonly starts: Int32Array;
  readonly longest: number;
}

function rowsOfWords(
  { words }: Vocabulary,
  ngrams: ReadonlyMap<string, number>,
  options: WordVectorOptions,
): RowsOfWords {
  const rows: number[] = [];
  const starts = new Int32Array(words.length + 1);
  let longest = 1;
  words.forEach((word, index) => {
    rows.push(index);
    for (const ngram of options.subwords ? ngramsOfWord(word, options.subwords) : []) {
      const at = ngrams.get(ngram);
      if (at !== undefined) rows.push(words.length + at);
    }
    starts[index + 1] = rows.length;
    longest = Math.max(longest, rows.length - (starts[index] as number));
  });
  return { rows: Int32Array.from(rows), starts, longest };
}

/** One training, with everything its inner loop needs at hand. */
class Training {
  private readonly kept: Int32Array;
  private readonly negatives: Int32Array;
  private readonly chances: Float64Array;

  constructor(
    private readonly corpus: Corpus,
    vocabulary: Vocabulary,
    private readonly rowsOf: RowsOfWords,
    private readonly space: Workspace,
    private readonly draws: Draws,
    private readonly options: WordVectorOptions,
  ) {
    this.kept = new Int32Array(corpus.words.length);
    this.negatives = samplingTable(vocabulary.counts);
    this.chances = keepChances(vocabulary.counts, options.sample);
  }

  /** Trains on one sentence. */
  sentence(start: number, end: number): void {
    const { kept, chances, corpus, draws, options } = this;
    let length = 0;
    for (let at = start; at < end; at++) {
      const word = corpus.words[at] as number;
      const chance = chances[word] as number;
      if (chance >= 1 || draws.unit() < chance) kept[length++] = word;
    }
    for (let at = 0; at < length; at++) {
      const reach = 1 + ((draws.next() >>> 1) % options.window);
      const from = Math.max(0, at - reach);
      const to = Math.min(length - 1, at + reach);
      if (options.method === 'cbow') this.predictFromContext(at, from, to);
      else this.predictContext(at, from, to);
    }
  }

  /** Skip-gram: the word predicts each word around it. */
  private predictContext(at: number, from: number, to: number): void {
    const { kept } = this;
    const count = this.addRows(kept[at] as number, 0);
    this.space.state.rows(count);
    for (let around = from; around <= to; around++)
      if (around !== at) this.step(count, kept[around] as number);
  }

  /** CBOW: the mean of the words around it predicts the word. */
  private predictFromContext(at: number, from: number, to: number): void {
    const { kept } = this;
    let count = 0;
    for (let around = from; around <= to; around++)
      if (around !== at) count = this.addRows(kept[around] as number, count);
    if (count === 0) return;
    this.space.state.rows(count);
    this.step(count, kept[at] as number);
  }

  private addRows(word: number, count: number): number {
    const { rowsOf, space } = this;
    const end = rowsOf.starts[word + 1] as number;
    for (let i = rowsOf.starts[word] as number; i < end; i++)
      space.rows[count++] = space.inputs + (rowsOf.rows[i] as number) * space.dimBytes;
    return count;
  }

  private step(rowCount: number, target: number): void {
    const { space, draws, negatives, options } = this;
    const { samples, outputs, dimBytes } = space;
    const mask = negatives.length - 1;
    samples[0] = outputs + target * dimBytes;
    let count = 1;
    for (let i = 0; i < options.negative; i++) {
      const negative = negatives[draws.next() & mask] as number;
      if (negative !== target) samples[count++] = outputs + negative * dimBytes;
    }
    const { rowsAt, samplesAt, stateAt, h, gradient } = space;
    space.step(
      rowsAt,
      rowsAt + 4 * rowCount,
      samplesAt,
      samplesAt + 4 * count,
      stateAt,
      dimBytes,
      h,
      gradient,
    );
  }
}

async function runEpochs(
  training: Training,
  corpus: Corpus,
  plan: { epochs: number; rate: number; space: Workspace },
  { signal, onProgress }: TrainingOptions,
): Promise<number> {
  const total = plan.epochs * corpus.words.length;
  let done = 0;
  let told = 0;
  for (let epoch = 0; epoch < plan.epochs; epoch++) {
    let start = 0;
    for (const end of corpus.ends) {
      plan.space.state.rate(plan.rate * Math.max(LAST_RATE_SHARE, 1 - done / total));
      training.sentence(start, end);
      done += end - start;
      start = end;
      if (done - told < WORDS_A_TURN) continue;
      told = done;
      onProgress?.(done, total);
      await nextTurn();
      signal?.throwIfAborted();
    }
  }
  onProgress?.(total, total);
  return plan.epochs * corpus.total;
}

/** The rows without their padding; a word's is the mean of its own and its n-grams', which is what was trained. */
function readRows(
  { inputVectors, stride }: Workspace,
  { rows, starts }: RowsOfWords,
  words: number,
  width: number,
): Float32Array {
  const count = inputVectors.length / stride;
  const out = new Float32Array(count * width);
  for (let row = 0; row < count; row++) {
    const parts = row < words ? rows.subarray(starts[row], starts[row + 1]) : Int32Array.of(row);
    for (const part of parts)
      for (let d = 0; d < width; d++)
        out[row * width + d] =
          (out[row * width + d] as number) + (inputVectors[part * stride + d] as number) / parts.length;
  }
  return out;
}

function checkSize(bytes: number): void {
  if (bytes <= MOST_BYTES) return;
  throw new ZooError(
    `The word vectors would take ${Math.ceil(bytes / 2 ** 20)} MiB; ${MOST_BYTES / 2 ** 20} MiB is the most. ` +
      'Take a smaller width, fewer words (maxWords) or fewer n-grams.',
  );
}

/**
 * Learns word vectors from sentences by predicting words from their context with negative sampling: skip-gram or CBOW (Mikolov et
 * al. 2013, arXiv 1301.3781 and 1310.4546), on one thread. Equal sentences, options and seed give equal vectors, to the bit.
 *
 * @param sentences words of each text, as `wordsOf` gives them
 * @throws ZooError when there is nothing to learn from, or the vectors do not fit in memory
 * @throws the signal's reason when aborted
 */
export async function trainWordVectors(
  sentences: readonly (readonly string[])[],
  input: WordVectorInput = {},
  run: TrainingOptions = {},
): Promise<WordVectors> {
  const options = wordVectorOptionsSchema.parse(input);
  const { width, window, negative, subwords, maxWords } = options;
  const size = sentences.reduce((sum, sentence) => sum + sentence.length, 0);
  const vocabulary = buildVocabulary(sentences, {
    minCount: options.minCount ?? minCountFor(size),
    maxWords,
  });
  if (vocabulary.words.length < 2)
    throw new ZooError('Word vectors need a text with at least two different words. Add texts.');
  const ngrams = subwords
    ? chooseNgrams(vocabulary.words, vocabulary.counts, subwords)
    : new Map<string, number>();
  const rowsOf = rowsOfWords(vocabulary, ngrams, options);
  const inputs = vocabulary.words.length + ngrams.size;
  checkSize(4 * width * (inputs + vocabulary.words.length));
  const draws = new Draws(createRng(options.seed).int(2 ** 32));
  const maxRows = 2 * window * rowsOf.longest;
  const space = openWorkspace(
    { width, inputs, outputs: vocabulary.words.length, maxRows, maxSamples: negative + 1 },
    draws,
  );
  const corpus = encode(sentences, vocabulary);
  const training = new Training(corpus, vocabulary, rowsOf, space, draws, options);
  const plan = { epochs: options.epochs ?? epochsFor(size), rate: options.learningRate, space };
  const wordsSeen = await runEpochs(training, corpus, plan, run);
  const rows = readRows(space, rowsOf, vocabulary.words.length, width);
  return { words: vocabulary.words, counts: vocabulary.counts, width, rows, ngrams, options, wordsSeen };
}

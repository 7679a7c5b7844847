import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { FeatureShelf } from '../features/cache.js';
import { dealOut } from '../features/extractor.js';
import { openFeatureFolderAt } from '../features/folder.js';
import { estimateByDepth } from '../features/latency.js';
import { GraphError } from '../errors.js';
import type { Model } from '../graph/model.js';
import { node } from '../graph/model.js';
import { readModel, writeModel } from '../graph/model-file.js';
import { append, extract } from '../graph/surgery.js';
import type { Tap } from '../graph/taps.js';
import type { Matrix } from '../matrix.js';
import { openSession } from '../runtimes/onnx.js';
import type { InstalledText } from './backbones/card.js';
import { joinTokens, TOKENS_INPUT } from './input.js';
import { readTokenizer } from './tokenizers/open-tokenizer.js';
import { WORDS_VERSION } from './words.js';

const TAPS_OUTPUT = 'graft/taps';
const BATCH_SIZE = 16;
/** Texts between two writes to the shelf. */
const CHUNK_SIZE = 256;

/** Turns texts into one feature vector a tap, all taps in one pass. */
export interface TextExtractor {
  readonly taps: readonly Tap[];
  run(texts: readonly string[]): Promise<readonly Matrix[]>;
  close(): Promise<void>;
}

/** All taps side by side in one output. */
function tappedModel(model: Model, taps: readonly Tap[]): Model {
  const join = node(
    'Concat',
    taps.map(({ tensor }) => tensor),
    TAPS_OUTPUT,
    { axis: 1 },
  );
  return extract(append(model, { nodes: [join], constants: [] }), [TAPS_OUTPUT]);
}

/** Opens a text backbone for some of its taps; all where left out. */
export async function openTextExtractor(
  installed: InstalledText,
  options: { threads?: number; taps?: readonly Tap[] } = {},
): Promise<TextExtractor> {
  const { input, tokenizerPath, modelPath } = installed;
  const { threads, taps = installed.taps } = options;
  const tokenizer = await readTokenizer(tokenizerPath, input);
  const model = tappedModel(readModel(await readFile(modelPath)), taps);
  const session = await openSession(writeModel(model), { threads });
  const runBatch = async (texts: readonly string[]): Promise<Float32Array> => {
    const tokens = joinTokens(
      texts.map((text) => tokenizer.encode(text)),
      input,
    );
    const { [TAPS_OUTPUT]: out } = await session.run({ [TOKENS_INPUT]: { type: 'int64', ...tokens } });
    if (out?.type !== 'float32') throw new GraphError('The network does not give 32-bit floats.');
    return out.data;
  };
  return {
    taps,
    async run(texts) {
      const rows = texts.length;
      const matrices = taps.map(({ channels: cols }) => ({
        rows,
        cols,
        data: new Float32Array(rows * cols),
      }));
      for (let start = 0; start < rows; start += BATCH_SIZE)
        dealOut(await runBatch(texts.slice(start, start + BATCH_SIZE)), matrices, start);
      return matrices;
    },
    close: () => session.close(),
  };
}

/** Equal names mean equal features: of the backbone's content, and of how words are cut. */
function featureName({ card, sha256 }: InstalledText): string {
  const key = createHash('sha256')
    .update(JSON.stringify([sha256, WORDS_VERSION]))
    .digest('hex');
  return `${card.id}-${key.slice(0, 24)}`;
}

/** The kept features of a text backbone, below `root`. */
export const openTextShelf = (root: string, installed: InstalledText): Promise<FeatureShelf> =>
  openFeatureFolderAt(path.join(root, featureName(installed)), installed.taps);

/** A text to be looked at. */
export interface TextSource {
  /** Of its bytes, hex. */
  readonly sha256: string;
  readonly text: string;
}

export interface TextExtraction {
  readonly texts: readonly TextSource[];
  readonly installed: InstalledText;
  readonly shelf: FeatureShelf;
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Brings the features of all texts onto a backbone's shelf; what is there already is not done again. */
export async function extractTexts({ texts, installed, shelf, ...run }: TextExtraction): Promise<void> {
  const missing = new Set(shelf.missing(texts.map(({ sha256 }) => sha256)));
  const lacking = [...new Map(texts.map((text) => [text.sha256, text])).values()].filter(({ sha256 }) =>
    missing.has(sha256),
  );
  if (lacking.length === 0) return;
  const extractor = await openTextExtractor(installed, { threads: run.threads });
  try {
    for (let start = 0; start < lacking.length; start += CHUNK_SIZE) {
      run.signal?.throwIfAborted();
      const chunk = lacking.slice(start, start + CHUNK_SIZE);
      const matrices = await extractor.run(chunk.map(({ text }) => text));
      await shelf.put(
        chunk.map(({ sha256 }) => sha256),
        matrices,
      );
      run.onProgress?.(Math.min(lacking.length, start + CHUNK_SIZE), lacking.length);
    }
  } finally {
    await extractor.close();
  }
}

const TIMED_PASSES = 5;

/** Median milliseconds from a text of twenty words to the features of some taps. */
export async function measureTextLatency(
  installed: InstalledText,
  taps: readonly Tap[],
  { now, threads }: { now: () => number; threads?: number },
): Promise<number> {
  const extractor = await openTextExtractor(installed, { threads, taps });
  const text = [Array.from({ length: 20 }, (_, i) => `word${i}`).join(' ')];
  try {
    await extractor.run(text);
    const times: number[] = [];
    for (let pass = 0; pass < TIMED_PASSES; pass++) {
      const start = now();
      await extractor.run(text);
      times.push(now() - start);
    }
    return times.sort((a, b) => a - b)[TIMED_PASSES >> 1] ?? 0;
  } finally {
    await extractor.close();
  }
}

/** Latency of every tap of a text backbone, milliseconds by tap id. */
export const estimateTextLatencies = (
  installed: InstalledText,
  options: { now: () => number; threads?: number },
): Promise<ReadonlyMap<string, number>> =>
  estimateByDepth(installed.taps, (tap) => measureTextLatency(installed, [tap], options));

import type { DownloadSource, OnnxFileSource } from '../../backbones/card.js';
import type { Tap } from '../../graph/taps.js';
import type { TextInput } from '../input.js';
import type { WordVectorInput } from '../vectors/options.js';

/** Vectors learnt from the texts at hand. */
export interface WordVectorSource {
  readonly kind: 'word-vectors';
  readonly options: WordVectorInput;
}

/** Counts of n-grams: the floor that anything learnt must beat. */
export interface NgramSource {
  readonly kind: 'ngrams';
}

/** A published sentence encoder: a transformer as an ONNX file, and its `tokenizer.json`. */
export interface EncoderSource {
  readonly kind: 'encoder';
  readonly model: DownloadSource | OnnxFileSource;
  readonly tokenizer: DownloadSource | OnnxFileSource;
  readonly maxTokens: number;
}

/** A way to turn texts into features, described as data. */
export interface TextCard {
  /** Unique, kebab-case, stable: trials and packages name it. */
  readonly id: string;
  readonly title: string;
  readonly family: string;
  readonly licence: string;
  readonly origin: string;
  readonly pretrainedOn: string;
  readonly source: WordVectorSource | NgramSource | EncoderSource;
}

/** A text backbone ready to run on this machine. */
export interface InstalledText {
  readonly card: TextCard;
  readonly input: TextInput;
  /** ONNX: int64 tokens in; each tap is a tensor [N, channels]. */
  readonly modelPath: string;
  /** What turns texts into tokens; goes into the package as it is. */
  readonly tokenizerPath: string;
  readonly taps: readonly Tap[];
  /** sha256 over model and tokenizer. */
  readonly sha256: string;
}

/** The texts a backbone may learn from; no label is among them. */
export interface TextCorpus {
  /** The labelled texts outside the test part. */
  readonly learnt: readonly string[];
  readonly unlabelled: readonly string[];
}

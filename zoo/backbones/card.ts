import type { Tap } from '../graph/taps.js';
import type { InputSpec } from '../preprocess/input-spec.js';

/** Weights inside an installed npm package, as TensorFlow.js stores them. */
interface PackageSource {
  readonly packageName: string;
  /** Folder inside the package that holds the model file and its weights. */
  readonly packageFolder: string;
  /** The model file, with its weights beside it; where left out, a bundle: `model.min.js` and base64 shards. */
  readonly modelFile?: string;
  /** Size of those files together. */
  readonly bytes: number;
  /** sha256 over those files, one after the other: the model first, then the weights in their order. */
  readonly sha256: string;
}

/** A TensorFlow.js layers model inside an installed npm package. */
export interface LayersModelSource extends PackageSource {
  readonly kind: 'tfjs-layers';
}

/** A TensorFlow.js graph model inside an installed npm package, or the part of it that is a trunk. */
export interface GraphModelSource extends PackageSource {
  readonly kind: 'tfjs-graph';
  /** Node that stands for the picture; the placeholder where left out. */
  readonly inputNode?: string;
  /** Last node of the trunk, where the graph goes on into detection heads; the graph's own output where left out. */
  readonly outputNode?: string;
}

/** Weights in an ONNX file on disk. */
export interface OnnxFileSource {
  readonly kind: 'onnx-file';
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Weights in an ONNX file of a hub or a mirror, fetched when they are first needed. */
export interface DownloadSource {
  readonly kind: 'download';
  /** `https:`, `http:`, or `file:` for a mirror that is a folder. */
  readonly url: string;
  /** Null where the publisher states none: locked in `zoo.lock.json` at first use. */
  readonly bytes: number | null;
  /** Where the publisher only shows a rounded size: to be shown, not compared. */
  readonly roughBytes?: number;
  readonly sha256: string | null;
  /** Of a hub: the folder, ending in a slash, whose `preprocessor_config.json` or `config.json` may say how pictures are prepared. */
  readonly describedAt?: string;
}

/** Where the weights of a backbone come from. */
export type WeightsSource = LayersModelSource | GraphModelSource | OnnxFileSource | DownloadSource;

/** The answer a network itself gives, for those who want that rather than its features. */
export interface ClassifierFacts {
  /** What each number of the answer is the probability of. */
  readonly labels: readonly string[];
  /** How its makers fit pictures into its input. */
  readonly resize: InputSpec['resize'];
}

/** A pretrained network, described as data: nothing about a backbone is written anywhere else. */
export interface BackboneCard {
  /** Unique, kebab-case, stable: trials and packages name it. */
  readonly id: string;
  readonly title: string;
  readonly family: string;
  /** SPDX id of the licence of the weights. */
  readonly licence: string;
  /** Where the weights were published: an address, or package@version. */
  readonly origin: string;
  /** The data the network learnt on, in a sentence. */
  readonly pretrainedOn: string;
  readonly weights: WeightsSource;
  readonly input: InputSpec;
  /** What a person should know of the input: that the hub says it otherwise than the card did, or cannot be understood. */
  readonly inputRemark?: string;
  /** Tensors to cut at, where those found by themselves should not be used. */
  readonly taps?: readonly string[];
  /** Left out where the network's own answer is of no use here. */
  readonly classifier?: ClassifierFacts;
}

/** A backbone ready to run on this machine. */
export interface InstalledBackbone {
  readonly card: BackboneCard;
  /** A plain ONNX network, its classifier included, with one float input as the card describes it. */
  readonly modelPath: string;
  /** From shallow to deep. */
  readonly taps: readonly Tap[];
  /** The most bytes of activations alive at one time, for one picture. */
  readonly peakBytes: number;
  /** sha256 of the file at `modelPath`: changes with the weights and with the conversion. */
  readonly sha256: string;
}

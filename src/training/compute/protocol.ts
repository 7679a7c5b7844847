import type {
  Cap,
  DroppedBackbone,
  Examination,
  GoldenPicture,
  Halving,
  PackageManifest,
  ProviderProbe,
} from '../../../zoo/index.js';
import type { LeakDelta } from '../../dataset/curate/curation.js';
import type { SafetyMeasure } from '../../dataset/inspect/safety.js';
import type { LabelDoubt } from '../../dataset/curate/label-noise.js';
import type { ModalityId } from '../../modalities/modality.js';
import type { ModelSummary } from '../../runs/run.js';
import type { SelectionView } from '../../runs/selection.js';
import type { StoredTrial } from '../../runs/trial-view.js';
import type { PassLimits, SearchLimits } from '../search-limits.js';

/** A picture of the data set, as the child process needs it. The order of this list is the row order everywhere. */
export interface ComputePicture {
  readonly id: string;
  readonly sha256: string;
  readonly path: string;
  readonly label: number;
  /** -1: test. */
  readonly fold: number;
  /** Its duplicate group. */
  readonly group: string;
  /** Whether a person brought it. */
  readonly own: boolean;
  /** What the curation thinks of its label, where it doubts it. */
  readonly doubt: { readonly suspicion: number; readonly suggestion: number } | null;
}

export interface Workspace {
  readonly modality: ModalityId;
  /** Files that hold unlabelled texts, each a JSON list. */
  readonly unlabelled: readonly string[];
  readonly cacheDir: string;
  readonly zooMirror: string | null;
  readonly backbones: readonly string[];
  /** Those that samples of the pictures were enough for. */
  readonly dropped: readonly DroppedBackbone[];
  readonly threads: number | null;
  readonly memoryMb: number | null;
  /** Where the stage inspect has left pixels of pictures that it decoded. */
  readonly pixelsDir: string;
  readonly pictures: readonly ComputePicture[];
}

/** A picture as the curation sees it, before the split. */
export interface CuratePicture {
  readonly id: string;
  readonly sha256: string;
  readonly path: string;
  readonly label: number;
  /** Its duplicate group. */
  readonly group: string;
  /** False for a copy that dedupe dropped: it only serves to measure what it would have done. */
  readonly kept: boolean;
}

/** Finds pictures or texts that do not look like their category, by several backbones; features are kept for the stage features. */
export interface CurateTask extends Pick<
  Workspace,
  'modality' | 'unlabelled' | 'cacheDir' | 'zooMirror' | 'backbones' | 'threads' | 'memoryMb' | 'pixelsDir'
> {
  readonly kind: 'curate';
  readonly provider: string;
  readonly classes: number;
  readonly seed: number;
  readonly pictures: readonly CuratePicture[];
}
export interface CurateResult {
  /** What was listened to, 'backbone/tap', the most accurate first. */
  readonly witnesses: readonly string[];
  /** Held-out accuracy of the best tap; null when there was too little to judge by. */
  readonly accuracy: number | null;
  readonly doubts: readonly (Omit<LabelDoubt, 'row'> & { readonly id: string })[];
  readonly leakDelta: LeakDelta | null;
}

/** Puts samples of the pictures through all backbones, and says which of them all pictures should go through. */
export interface ShortlistTask extends Workspace {
  readonly kind: 'shortlist';
  /** The execution provider that pictures go through backbones on. */
  readonly provider: string;
  readonly classes: number;
  readonly seed: number;
  readonly limits: PassLimits;
}

/** Computes what is missing in the feature cache. */
export interface FeaturesTask extends Workspace {
  readonly kind: 'features';
  readonly provider: string;
  /** A share of several workers' common work is of the backbones alone, or of the floor, which is one for the whole run. */
  readonly part: 'all' | 'backbones' | 'floor';
  /** What the winner may cost: a cap that no tap keeps to is refused before the long pass. */
  readonly cap: Cap;
  /** Whether backbones of different sizes are tried together, which takes features of one picture for all. */
  readonly acrossSizes: boolean;
  /** Whether pictures are also seen mirrored, and their centre. */
  readonly augment: boolean;
  /** What is left of the time limit for it; null without one. */
  readonly leftMs: number | null;
  /** The order in which backbones get that time; the first gets what it takes. */
  readonly bestFirst: readonly string[];
}
export interface FeaturesResult {
  readonly pictures: number;
  readonly taps: number;
  /** Backbones there was no time left for. */
  readonly late: readonly DroppedBackbone[];
}

/** Searches, selects, reads the test set once, and leaves the outcome in `stateFile` for the package task. */
export interface TrialsTask extends Workspace {
  readonly kind: 'trials';
  readonly labels: readonly string[];
  readonly seed: number;
  readonly limits: SearchLimits;
  readonly stateFile: string;
}
export interface TrialsResult {
  readonly trials: readonly StoredTrial[];
  readonly selection: SelectionView;
  readonly examination: Examination;
}

/** Packages the winner and lets the packaged file prove itself on the test pictures. */
export interface PackageTask extends Workspace {
  readonly kind: 'package';
  readonly labels: readonly string[];
  readonly runId: string;
  readonly seed: number;
  readonly stateFile: string;
  readonly folder: string;
  readonly createdAt: string;
  /** Version of the data set. */
  readonly dataset: string | null;
  /** Test pictures that may be given away with the package. */
  readonly golden: readonly (Pick<ComputePicture, 'sha256' | 'path'> & Omit<GoldenPicture, 'bytes'>)[];
}
export interface PackageResult {
  /** Of the answers to the test pictures. */
  readonly confidences: readonly number[];
  /** Of the embeddings of some of them. */
  readonly sketches: readonly (readonly number[])[];
  readonly selected: ModelSummary;
  readonly manifest: PackageManifest;
}

/** Not one task but many questions: how unsafe is a picture? Each is answered in its turn, until the child is let go. */
export interface SafetyTask {
  readonly kind: 'safety';
  readonly cacheDir: string;
  readonly threads: number | null;
}

/** Asks packaged models about the same pictures, and times them side by side. */
export interface CompareTask {
  readonly kind: 'compare';
  readonly threads: number | null;
  /** Package folders. */
  readonly folders: readonly string[];
  readonly pictures: readonly { readonly sha256: string; readonly path: string; readonly category: string }[];
}
export interface CompareResult {
  /** 1 where right, by model and picture. */
  readonly correct: readonly Uint8Array[];
  /** Milliseconds a picture, median, by model. */
  readonly latencyMs: readonly number[];
}

/** Tries every execution provider. */
export interface ProvidersTask {
  readonly kind: 'providers';
}

export interface TaskMap {
  providers: { task: ProvidersTask; result: readonly ProviderProbe[] };
  compare: { task: CompareTask; result: CompareResult };
  curate: { task: CurateTask; result: CurateResult };
  shortlist: { task: ShortlistTask; result: Halving };
  features: { task: FeaturesTask; result: FeaturesResult };
  trials: { task: TrialsTask; result: TrialsResult };
  package: { task: PackageTask; result: PackageResult };
}
export type ComputeTask = TaskMap[keyof TaskMap]['task'];

export type ToChild = ComputeTask | SafetyTask | { kind: 'question'; id: number; pixels: Uint8Array };

export type ToParent =
  | { type: 'answer'; id: number; answer: SafetyMeasure }
  | { type: 'progress'; done: number; total: number; note?: string }
  | { type: 'result'; result: unknown }
  | { type: 'error'; code: string; message: string; fix: string | null; stack: string | null };

import {
  tapIds,
  type FeatureSet,
  type InstalledBackbone,
  type InstalledText,
  type Tap,
} from '../../../zoo/index.js';
import type { Onlooker } from '../../dataset/curate/held-out.js';
import type { ModalityId } from '../../modalities/modality.js';
import type { ModelSummary } from '../../runs/run.js';
import type { Report } from './child.js';
import { imageWork } from './image-work.js';
import type { CuratePicture, CurateTask, FeaturesResult, FeaturesTask, Workspace } from './protocol.js';
import { textWork } from './text-work.js';

/** Milliseconds an item takes to a tap, by `latencyKey`. Kept out of the search: a choice that hung on a noisy clock could not be repeated. */
export type Latencies = ReadonlyMap<string, number>;

export const latencyKey = (backbone: string, tap: string): string => `${backbone}/${tap}`;

/** All taps of all backbones of a run, for the search. */
export interface OpenedBackbones {
  readonly features: readonly FeatureSet[];
  /** The floor of the leaderboard: a network that has learnt nothing; none for texts, whose n-grams are a floor of their own. */
  readonly randomFeatures: readonly FeatureSet[];
  readonly latencies: Latencies;
  /** What there was no time for, in a sentence each. */
  readonly leftOut: readonly string[];
  /** Which backbones can be one network, with the features of the views that this takes. */
  together(acrossSizes: boolean): Promise<{
    readonly groups: readonly (readonly string[])[];
    readonly views: readonly FeatureSet[];
  }>;
  /** Features of the same items seen in other ways; none for texts. */
  looks(): Promise<readonly FeatureSet[]>;
}

/** Latencies of all taps of some backbones, as far as there is time for it. */
export async function measureEach<
  T extends { readonly card: { readonly id: string; readonly title: string } },
>(
  installed: readonly T[],
  estimate: (one: T) => Promise<ReadonlyMap<string, number>>,
  isLate: () => boolean,
): Promise<{ latencies: Latencies; leftOut: string[] }> {
  const latencies = new Map<string, number>();
  const unmeasured: string[] = [];
  for (const one of installed) {
    if (isLate()) unmeasured.push(one.card.title);
    else for (const [tap, ms] of await estimate(one)) latencies.set(latencyKey(one.card.id, tap), ms);
  }
  if (unmeasured.length === 0) return { latencies, leftOut: [] };
  const leftOut = `The time limit left no time to measure how long a picture takes through ${unmeasured.join(', ')}.`;
  return { latencies, leftOut: [leftOut] };
}

/** The part of a network that goes into a package. */
export interface Trunk {
  readonly installed: InstalledBackbone | InstalledText;
  /** What the head reads, from shallow to deep. */
  readonly taps: readonly Tap[];
  readonly latencyMs: number;
}

/** The taps of a backbone that an id of the search stands for; null when one of them is not there any more. */
export function chosenTaps({ taps }: { readonly taps: readonly Tap[] }, id: string): readonly Tap[] | null {
  const ids = tapIds(id);
  // In the order of the id: that of the features which the head was trained on.
  const chosen = ids.flatMap((one) => taps.find((tap) => tap.id === one) ?? []);
  return chosen.length === ids.length ? chosen : null;
}

/** What a modality does in the child process: its backbones. Search, selection, proof and packaging are the same for all. */
export interface ModalWork {
  /** Whether reading several taps of a backbone side by side is tried. */
  readonly joinTaps: boolean;
  /** Brings the features of every item for every backbone into the cache. */
  extract(task: FeaturesTask, report: Report): Promise<FeaturesResult>;
  /** @param isLate whether the time to measure latencies is over; those that are not measured are not known */
  open(task: Workspace, isLate: () => boolean): Promise<OpenedBackbones>;
  /** The backbones of the task, with their features of some items, to find wrong labels by. */
  look(task: CurateTask, items: readonly CuratePicture[], report: Report): Promise<readonly Onlooker[]>;
  /** The chosen backbone, cut at the chosen tap; null when it is not there any more. */
  trunk(task: Workspace, selected: ModelSummary): Promise<Trunk | null>;
}

const WORK: Record<ModalityId, ModalWork> = { image: imageWork, text: textWork };

export const workOf = ({ modality }: Pick<Workspace, 'modality'>): ModalWork => WORK[modality];

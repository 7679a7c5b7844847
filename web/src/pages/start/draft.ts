import { useState } from 'react';
import type { BuildOrder, UploadProgress } from '../../api/build';
import type { Project, Provider, Run } from '../../api/client';
import { addNames } from '../../lib/names';
import type { Brought } from '../../lib/dropped-files';

/** One folder, or a handful of loose files, and the category it is for. */
export interface Bundle {
  readonly id: string;
  readonly folder: string | null;
  readonly category: string | null;
  readonly files: readonly File[];
}

/** What a person has said so far on the start page. */
export interface Draft {
  readonly names: readonly string[];
  /** Null: what the service takes by default. */
  readonly providers: readonly string[] | null;
  readonly defaults: readonly string[];
  readonly imagesPerCategory: number;
  readonly licence: string;
  readonly curate: string;
  readonly budgetMinutes: number | null;
  /** Null: no limit. */
  readonly maxTrials: number | null;
  readonly maxLatencyMs: number | null;
  readonly maxSizeMb: number | null;
  readonly seed: number;
  /** Empty: the whole zoo. */
  readonly backbones: readonly string[];
  readonly bundles: readonly Bundle[];
  readonly upload: UploadProgress | null;
}

const OWN = 'upload';
const MINUTE_MS = 60_000;

export const EMPTY: Draft = {
  names: [],
  providers: null,
  defaults: [],
  imagesPerCategory: 60,
  licence: 'any',
  curate: 'drop',
  budgetMinutes: null,
  maxTrials: null,
  maxLatencyMs: null,
  maxSizeMb: null,
  seed: 1,
  backbones: [],
  bundles: [],
  upload: null,
};

export type ChangeDraft = (change: Partial<Draft>) => void;

/** What the last run of a project was told, to begin from when it gets more. */
export function draftOf(project: Project, last: Run | undefined, aim: number | undefined): Draft {
  const names = project.categories.map(({ name }) => name);
  if (!last) return { ...EMPTY, names, imagesPerCategory: aim ?? EMPTY.imagesPerCategory };
  const { providers, imagesPerCategory, licence, curate, budgetMs, seed, backbones } = last.settings;
  return {
    ...EMPTY,
    names,
    // Own pictures of the project are taken whatever is said here.
    providers: providers.filter((id) => id !== OWN),
    imagesPerCategory: Math.max(imagesPerCategory, aim ?? 0),
    licence,
    curate,
    budgetMinutes: budgetMs === null ? null : Math.ceil(budgetMs / MINUTE_MS),
    seed,
    backbones,
  };
}

export function useDraft(providers: readonly Provider[] | undefined, initial: Draft): [Draft, ChangeDraft] {
  const [draft, setDraft] = useState(initial);
  const defaults = (providers ?? []).filter((one) => one.enabledByDefault).map(({ id }) => id);
  return [{ ...draft, defaults }, (change) => setDraft((before) => ({ ...before, ...change }))];
}

export const chosenProviders = ({ providers, defaults }: Draft): readonly string[] => providers ?? defaults;

/** Own pictures make up bundles by folder; a folder is taken for the category of its name, which is added when it is new. */
export function withBrought(draft: Draft, brought: readonly Brought[]): Partial<Draft> {
  const folders = [...new Set(brought.flatMap(({ folder }) => folder ?? []))];
  const names = addNames(draft.names, folders);
  const bundles = [null, ...folders].flatMap((folder) => {
    const files = brought.filter((one) => one.folder === folder).map(({ file }) => file);
    const category = folder === null ? (names[0] ?? null) : nameLike(names, folder);
    return files.length > 0 ? [{ id: crypto.randomUUID(), folder, category, files }] : [];
  });
  return { names, bundles: [...draft.bundles, ...bundles] };
}

const nameLike = (names: readonly string[], folder: string): string =>
  names.find((name) => addNames([name], [folder]).length === 1) ?? folder;

export type Missing = 'names' | 'sources' | 'bundles';

/** What is still missing before one may build; null when nothing is. */
export function whyNot(draft: Draft, ownBefore: boolean): Missing | null {
  if (draft.names.length < 2) return 'names';
  if (draft.bundles.some(({ category }) => category === null || !draft.names.includes(category)))
    return 'bundles';
  return chosenProviders(draft).length === 0 && draft.bundles.length === 0 && !ownBefore ? 'sources' : null;
}

export function toOrder(draft: Draft, projectId: string | null): BuildOrder {
  const { names, bundles, budgetMinutes, imagesPerCategory, licence, curate, seed, backbones } = draft;
  const { maxTrials, maxLatencyMs, maxSizeMb } = draft;
  return {
    projectId,
    categories: names,
    own: bundles.flatMap(({ category, files }) => (category === null ? [] : [{ category, files }])),
    settings: {
      providers: [...chosenProviders(draft)],
      imagesPerCategory,
      seed,
      backbones: [...backbones],
      licence: licence as NonNullable<BuildOrder['settings']['licence']>,
      curate: curate as NonNullable<BuildOrder['settings']['curate']>,
      maxTrials,
      maxLatencyMs,
      maxSizeMb,
      budgetMs: budgetMinutes === null ? null : budgetMinutes * MINUTE_MS,
    },
  };
}

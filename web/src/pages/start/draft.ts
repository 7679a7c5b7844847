import { useState } from 'react';
import type { BuildOrder, UploadProgress } from '../../api/build';
import type { Modality, Project, Provider, Run } from '../../api/client';
import type { OwnTexts } from '../../api/texts';
import { addNames } from '../../lib/names';
import type { Brought } from '../../lib/dropped-files';

/** One folder, or a handful of loose files, and the category it is for. */
export interface Bundle {
  readonly id: string;
  readonly folder: string | null;
  readonly category: string | null;
  readonly files: readonly File[];
}

/** A file of texts that was read, and what it held. */
export interface TextFile extends OwnTexts {
  readonly id: string;
  readonly name: string;
  readonly leftOut: number;
}

/** What makes a search of pictures slower, and at times better: left out unless asked for. */
export const EXTRAS = ['ensemble', 'augment'] as const;
export type Extra = (typeof EXTRAS)[number];

const extrasOf = (settings: Readonly<Record<Extra, boolean | null>>): Extra[] =>
  EXTRAS.filter((extra) => settings[extra]);

/** What a person has said so far on the start page. */
export interface Draft {
  readonly modality: Modality;
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
  readonly extras: readonly Extra[];
  readonly seed: number;
  /** Empty: the whole zoo. */
  readonly backbones: readonly string[];
  readonly bundles: readonly Bundle[];
  readonly texts: readonly TextFile[];
  readonly upload: UploadProgress | null;
}

const OWN = 'upload';
const MINUTE_MS = 60_000;

export const EMPTY: Draft = {
  modality: 'image',
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
  extras: [],
  seed: 1,
  backbones: [],
  bundles: [],
  texts: [],
  upload: null,
};

export type ChangeDraft = (change: Partial<Draft>) => void;

/** What the last run of a project was told, to begin from when it gets more. */
export function draftOf(project: Project, last: Run | undefined, aim: number | undefined): Draft {
  const names = project.categories.map(({ name }) => name);
  const { modality } = project;
  if (!last) return { ...EMPTY, modality, names, imagesPerCategory: aim ?? EMPTY.imagesPerCategory };
  const { providers, imagesPerCategory, licence, curate, budgetMs, seed, backbones } = last.settings;
  return {
    ...EMPTY,
    modality,
    names,
    // Own pictures of the project are taken whatever is said here.
    providers: providers.filter((id) => id !== OWN),
    imagesPerCategory: Math.max(imagesPerCategory, aim ?? 0),
    licence,
    curate,
    budgetMinutes: budgetMs === null ? null : Math.ceil(budgetMs / MINUTE_MS),
    extras: extrasOf(last.settings),
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

/** The texts of all files together. */
export const textsOf = ({ texts }: Draft): OwnTexts => ({
  labelled: texts.flatMap(({ labelled }) => labelled),
  unlabelled: texts.flatMap(({ unlabelled }) => unlabelled),
});

/** Labels in the order in which they first occur, and how many texts each has. */
export function labelsOf(draft: Draft): { label: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { label } of textsOf(draft).labelled) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].map(([label, count]) => ({ label, count }));
}

export type Missing = 'names' | 'sources' | 'bundles' | 'texts';

/** What is still missing before one may build; null when nothing is. */
export function whyNot(draft: Draft, ownBefore: boolean): Missing | null {
  if (draft.modality === 'text') return ownBefore || labelsOf(draft).length > 1 ? null : 'texts';
  if (draft.names.length < 2) return 'names';
  if (draft.bundles.some(({ category }) => category === null || !draft.names.includes(category)))
    return 'bundles';
  return chosenProviders(draft).length === 0 && draft.bundles.length === 0 && !ownBefore ? 'sources' : null;
}

export function toOrder(draft: Draft, projectId: string | null): BuildOrder {
  const { modality } = draft;
  return modality === 'text' ? orderOfTexts(draft, projectId) : orderOfPictures(draft, projectId);
}

const budgetOf = ({ budgetMinutes }: Draft): number | null =>
  budgetMinutes === null ? null : budgetMinutes * MINUTE_MS;

function orderOfTexts(draft: Draft, projectId: string | null): BuildOrder {
  const { maxTrials, maxLatencyMs, maxSizeMb, seed, backbones } = draft;
  return {
    projectId,
    modality: 'text',
    categories: labelsOf(draft).map(({ label }) => label),
    own: [],
    texts: textsOf(draft),
    settings: {
      seed,
      backbones: [...backbones],
      maxTrials,
      maxLatencyMs,
      maxSizeMb,
      budgetMs: budgetOf(draft),
    },
  };
}

function orderOfPictures(draft: Draft, projectId: string | null): BuildOrder {
  const { names, bundles, imagesPerCategory, licence, curate, seed, backbones } = draft;
  const { maxTrials, maxLatencyMs, maxSizeMb, extras } = draft;
  return {
    projectId,
    modality: 'image',
    categories: names,
    own: bundles.flatMap(({ category, files }) => (category === null ? [] : [{ category, files }])),
    texts: { labelled: [], unlabelled: [] },
    settings: {
      providers: [...chosenProviders(draft)],
      imagesPerCategory,
      seed,
      backbones: [...backbones],
      ...Object.fromEntries(extras.map((extra) => [extra, true])),
      licence: licence as NonNullable<BuildOrder['settings']['licence']>,
      curate: curate as NonNullable<BuildOrder['settings']['curate']>,
      maxTrials,
      maxLatencyMs,
      maxSizeMb,
      budgetMs: budgetOf(draft),
    },
  };
}

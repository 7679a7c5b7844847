import { Inject, Injectable } from '@nestjs/common';
import type { Env } from '../../config/env.js';
import type { CategoryRecord, Stage, StageContext, StageOutcome } from '../../runs/stage.js';
import { localPaths, type BlobStore } from '../../storage/blob-store.js';
import { BLOBS, ENV } from '../../storage/tokens.js';
import { Accelerator } from '../../training/compute/accelerator.js';
import { ComputeHost } from '../../training/compute/compute-host.js';
import type { CuratePicture, CurateResult } from '../../training/compute/protocol.js';
import { chosenBackbones, pixelsFolder, Workspaces } from '../../training/workspaces.js';
import { applyDecisions, type DecidedPicture, type DedupedPicture } from './apply-decisions.js';
import { CurateRepository, type CurationRow } from './curate.repository.js';
import type { WrongQuery } from './curation.js';
import { findWrongQueries, judge, type Judged } from './judge.js';
import { onlookersOf, TEXT_ONLOOKERS } from './onlookers.js';
import { DEFAULT_CURATE } from './settings.js';

/** Copies that are embedded only to measure what they would have done: no more than there are pictures, or these few. */
const LEAST_COPIES = 200;

interface Looked {
  readonly backbones: readonly string[];
  readonly result: CurateResult;
}

const NOT_LOOKED: Looked = {
  backbones: [],
  result: { witnesses: [], accuracy: null, doubts: [], leakDelta: null },
};

/** Applies what persons decided, and finds pictures that do not look like their category: drops the surest, queues the others. */
@Injectable()
export class CurateStage implements Stage {
  readonly name = 'curate';

  constructor(
    private readonly repository: CurateRepository,
    private readonly compute: ComputeHost,
    private readonly accelerator: Accelerator,
    private readonly workspaces: Workspaces,
    @Inject(BLOBS) private readonly blobs: BlobStore,
    @Inject(ENV) private readonly env: Env,
  ) {}

  async run(context: StageContext): Promise<StageOutcome> {
    const { run, categories, progress } = context;
    const deduped = await this.repository.deduped(run.id);
    const pictures = applyDecisions(deduped, await this.repository.decisionsOf(run.projectId));
    const { curate } = run.settings;
    const looked = curate === 'off' ? NOT_LOOKED : await this.look(context, pictures, deduped);
    const mode = curate === 'queue' ? 'queue' : 'drop';
    const judged = judge(pictures, looked.result.doubts, mode, DEFAULT_CURATE);
    const names = new Map(categories.map(({ id, name }) => [id, name]));
    const wrongQueries = findWrongQueries(judged, names, DEFAULT_CURATE);
    await this.repository.replace(
      run.id,
      judged.map((one) => toRow(run.id, one, categories)),
      { backbones: looked.backbones.join(','), leakDelta: looked.result.leakDelta, wrongQueries },
    );
    progress(pictures.length, pictures.length, describe(judged, wrongQueries));
    return 'done';
  }

  private async look(
    { run, categories, signal, progress }: StageContext,
    pictures: readonly DecidedPicture[],
    deduped: readonly DedupedPicture[],
  ): Promise<Looked> {
    const { modality = 'image' } = run.settings;
    const isText = modality === 'text';
    const backbones = isText ? TEXT_ONLOOKERS : onlookersOf(chosenBackbones(run.settings.backbones));
    const present = pictures.filter((picture) => picture.dropped === null);
    const { cacheDir, zooMirror, threads, memoryMb } = this.env;
    const result = await this.compute.run(
      {
        kind: 'curate',
        modality,
        unlabelled: isText ? await this.workspaces.unlabelledOf(run.projectId) : [],
        cacheDir,
        zooMirror,
        backbones,
        pixelsDir: pixelsFolder(cacheDir, run.id),
        threads,
        provider: await this.accelerator.provider(),
        memoryMb,
        classes: categories.length,
        seed: run.settings.seed,
        pictures: await this.toCompute(present, copiesOf(present, deduped), categories),
      },
      { signal, onProgress: progress },
    );
    return { backbones, result };
  }

  /** Copies count for the category of the picture they are copies of, wherever a person has moved it. */
  private async toCompute(
    kept: readonly DecidedPicture[],
    copies: readonly DedupedPicture[],
    categories: readonly CategoryRecord[],
  ): Promise<CuratePicture[]> {
    const paths = await localPaths(
      this.blobs,
      [...kept, ...copies].map(({ sha256 }) => sha256),
    );
    const categoryOf = new Map(kept.map(({ groupKey, categoryId }) => [groupKey, categoryId]));
    const one = (picture: DedupedPicture, isKept: boolean): CuratePicture => ({
      id: picture.candidateId,
      sha256: picture.sha256,
      path: paths.get(picture.sha256) as string,
      label: categories.findIndex(({ id }) => id === categoryOf.get(picture.groupKey)),
      group: picture.groupKey,
      kept: isKept,
    });
    return [...kept.map((picture) => one(picture, true)), ...copies.map((picture) => one(picture, false))];
  }
}

function copiesOf(kept: readonly DecidedPicture[], deduped: readonly DedupedPicture[]): DedupedPicture[] {
  const groups = new Set(kept.map(({ groupKey }) => groupKey));
  return deduped
    .filter(({ reason, groupKey }) => reason?.endsWith('-duplicate') && groups.has(groupKey))
    .slice(0, Math.max(LEAST_COPIES, kept.length));
}

function toRow(
  runId: string,
  { picture, doubt, reason }: Judged,
  categories: readonly CategoryRecord[],
): CurationRow {
  const suggested = doubt ? categories[doubt.suggestion] : undefined;
  return {
    runId,
    candidateId: picture.candidateId,
    categoryId: picture.categoryId,
    reason,
    detail: detailOf(reason, suggested?.name),
    decision: picture.decision,
    doubt: doubt?.kind ?? null,
    suspicion: doubt?.suspicion ?? null,
    margin: doubt?.margin ?? null,
    suggestedId: suggested?.id ?? null,
  };
}

function detailOf(reason: Judged['reason'], suggested: string | undefined): string | null {
  if (reason === 'likely-mislabelled') return `It looks like ${suggested}.`;
  if (reason === 'outlier') return 'It looks like none of the categories.';
  return null;
}

function describe(judged: readonly Judged[], wrong: readonly WrongQuery[]): string {
  const queued = judged.filter(({ doubt, reason }) => doubt !== null && reason === null).length;
  const dropped = judged.filter(({ reason }) => reason !== null).length;
  const counts = dropped + queued === 0 ? 'nothing doubtful' : `${dropped} dropped, ${queued} to look at`;
  const queries = wrong.map(
    ({ provider, query, pictures, wrong: bad }) =>
      `mostly wrong: "${query}" at ${provider} (${bad} of ${pictures})`,
  );
  return [counts, ...queries].join('; ');
}

import { Injectable } from '@nestjs/common';
import { GraftError } from '../../runs/errors.js';
import type { Stage, StageContext, StageOutcome } from '../../runs/stage.js';
import { DatasetRepository, type KeptPicture } from '../dataset.repository.js';
import { VersionsRepository } from '../versions/versions.repository.js';
import { previousPlacements } from './previous-placements.js';
import {
  BelowMinimumError,
  DEFAULT_SPLIT,
  splitByGroup,
  type Placement,
  type SplitItem,
} from './split-by-group.js';

/** Deals the kept pictures out to train, validation and test, by duplicate group; what an earlier run of the project placed stays there. The list is then frozen as a version. */
@Injectable()
export class SplitStage implements Stage {
  readonly name = 'split';

  constructor(
    private readonly dataset: DatasetRepository,
    private readonly versions: VersionsRepository,
  ) {}

  async run({ run, categories, progress }: StageContext): Promise<StageOutcome> {
    const names = new Map(categories.map((category) => [category.id, category.name]));
    const kept = await this.dataset.kept(run.id);
    const items = kept.map(({ candidateId, categoryId, groupKey }): SplitItem => ({
      id: candidateId,
      category: names.get(categoryId) ?? '',
      group: groupKey,
    }));
    requireEveryCategory([...names.values()], items);
    const previous = previousPlacements(
      await this.dataset.groupsOf(run.id),
      await this.dataset.earlierPlacements(run.projectId, run.id),
    );
    const placements = place(items, run.settings.seed, pinned(kept, previous));
    await this.dataset.replaceSplits(
      run.id,
      placements.map(({ part, fold }, index) => ({
        runId: run.id,
        candidateId: items[index]?.id ?? '',
        part,
        fold,
      })),
    );
    const version = await this.versions.freeze(run.id, [...names.values()]);
    progress(items.length, items.length, `data set ${version.slice(0, 12)}`);
    return 'done';
  }
}

/** The placements that stand, by candidate. */
const pinned = (
  kept: readonly KeptPicture[],
  previous: ReadonlyMap<string, Placement>,
): ReadonlyMap<string, Placement> =>
  new Map(
    kept.flatMap(({ candidateId, groupKey }) => {
      const place = previous.get(groupKey);
      return place ? [[candidateId, place] as const] : [];
    }),
  );

/** A category that lost all its pictures would silently vanish from the model. @throws GraftError */
function requireEveryCategory(names: readonly string[], items: readonly SplitItem[]): void {
  const empty = names.filter((name) => !items.some((item) => item.category === name));
  if (empty.length > 0) throw tooFew(`No usable example is left of ${empty.join(', ')}.`);
}

function place(
  items: readonly SplitItem[],
  seed: number,
  previous: ReadonlyMap<string, Placement>,
): Placement[] {
  try {
    return splitByGroup(items, { ...DEFAULT_SPLIT, seed, previous });
  } catch (error) {
    if (error instanceof BelowMinimumError) throw tooFew(error.message);
    throw error;
  }
}

const tooFew = (message: string): GraftError =>
  new GraftError({
    code: 'too-few-pictures',
    message,
    fix: 'See why examples were dropped (the counts by reason), then bring more, or search more widely (--provider, --images); or leave the category out.',
    status: 422,
  });

import { Injectable } from '@nestjs/common';
import { CollectRepository } from '../../collect/collect.repository.js';
import { LIMITS } from '../../config/settings.js';
import type { Stage, StageContext, StageOutcome } from '../../runs/stage.js';
import { DatasetRepository, type DuplicateRow, type InspectedPicture } from '../dataset.repository.js';
import { droppedByGroups, groupDuplicates, type DedupeItem } from './group-duplicates.js';

/** Finds copies among all pictures of the run, keeps the best of each, and asks for another round when too few are left. */
@Injectable()
export class DedupeStage implements Stage {
  readonly name = 'dedupe';

  constructor(
    private readonly dataset: DatasetRepository,
    private readonly collected: CollectRepository,
  ) {}

  async run(context: StageContext): Promise<StageOutcome> {
    const { run, progress } = context;
    const pictures = await this.dataset.inspected(run.id);
    progress(0, pictures.length);
    await this.dataset.replaceDuplicates(run.id, judge(run.id, pictures));
    progress(pictures.length, pictures.length);
    return (await this.needsMore(context)) ? 'next-round' : 'done';
  }

  /** Another round makes sense when a category is short of its target and its last search still found something. */
  private async needsMore({ run, categories }: StageContext): Promise<boolean> {
    const { providers, imagesPerCategory } = run.settings;
    if (providers.length === 0 || run.round + 1 >= LIMITS.maxRounds) return false;
    const kept = await this.dataset.keptCrawledByCategory(run.id);
    const found = await this.collected.countCrawledByCategory(run.id, run.round);
    return categories.some(({ id }) => (kept.get(id) ?? 0) < imagesPerCategory && (found.get(id) ?? 0) > 0);
  }
}

/** Names a picture by what it is and where it was found, so that ties are broken alike in every run. */
const nameOf = (
  { sha256, categoryId, provider, query, rank }: InspectedPicture,
  categoryOrder: readonly string[],
): string => [sha256, categoryOrder.indexOf(categoryId), provider, query, rank].join('/');

function judge(runId: string, pictures: readonly InspectedPicture[]): DuplicateRow[] {
  const order = [...new Set(pictures.map((picture) => picture.categoryId))];
  const byName = new Map(pictures.map((picture) => [nameOf(picture, order), picture]));
  const items = [...byName].map(([id, { measures, categoryId }]): DedupeItem => ({
    ...measures,
    id,
    category: categoryId,
  }));
  const groups = groupDuplicates(items);
  const keeperOf = new Map(
    groups.flatMap((group) => group.members.map((member) => [member.id, group.keeper])),
  );
  const dropped = new Map(droppedByGroups(groups).map((drop) => [drop.id, drop]));
  return [...byName].map(([name, picture]) => {
    const keeper = byName.get(keeperOf.get(name) ?? name) as InspectedPicture;
    const drop = dropped.get(name);
    return {
      runId,
      candidateId: picture.candidateId,
      groupKey: keeper.sha256,
      keeperId: drop ? keeper.candidateId : null,
      reason: drop?.reason ?? null,
      distance: drop?.distance ?? null,
    };
  });
}

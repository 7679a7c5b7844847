import { Injectable } from '@nestjs/common';
import { SearchReport } from '../../collect/search-report.js';
import { describeSearch } from '../../collect/search-summary.js';
import type { Stage, StageContext, StageOutcome } from '../../runs/stage.js';
import { DatasetRepository, type DuplicateRow, type InspectedPicture } from '../dataset.repository.js';
import { droppedByGroups, groupDuplicates, type DedupeItem } from './group-duplicates.js';

/** Finds copies among all pictures of the run, keeps the best of each, and asks for another round when too few are left. */
@Injectable()
export class DedupeStage implements Stage {
  readonly name = 'dedupe';

  constructor(
    private readonly dataset: DatasetRepository,
    private readonly searches: SearchReport,
  ) {}

  async run(context: StageContext): Promise<StageOutcome> {
    const { run, progress } = context;
    const pictures = await this.dataset.inspected(run.id);
    progress(0, pictures.length);
    await this.dataset.replaceDuplicates(run.id, judge(run.id, pictures));
    const found = await this.searches.of(run, context.categories);
    progress(pictures.length, pictures.length, describeSearch(found));
    // Another round, while a category is short of its target and a provider may have more.
    return found.some((category) => category.stoppedBecause === null) ? 'next-round' : 'done';
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
  const items = [...byName].map(([id, { measures, categoryId, licence }]): DedupeItem => ({
    ...measures,
    id,
    category: categoryId,
    licence,
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

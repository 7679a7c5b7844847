import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { isOwnProvider } from '../../collect/own-providers.js';
import { SearchReport } from '../../collect/search-report.js';
import { describeSearch } from '../../collect/search-summary.js';
import type { Env } from '../../config/env.js';
import { runSettingsSchema } from '../../config/settings.js';
import type { RunRecord, Stage, StageContext, StageOutcome } from '../../runs/stage.js';
import { ENV } from '../../storage/tokens.js';
import { DatasetRepository, type DuplicateRow, type InspectedPicture } from '../dataset.repository.js';
import type { InspectMeasures } from '../inspect/inspect.js';
import { TextDeduplication } from './dedupe-texts.js';
import { droppedByGroups, groupDuplicates, type DedupeItem } from './group-duplicates.js';
import { findOverlays } from './find-overlays.js';
import { HashFile, type HashRecord } from './hash-file.js';

/** Finds copies among all pictures of the run, keeps the best of each, and asks for another round when too few are left. */
@Injectable()
export class DedupeStage implements Stage {
  readonly name = 'dedupe';

  constructor(
    private readonly dataset: DatasetRepository,
    private readonly searches: SearchReport,
    private readonly texts: TextDeduplication,
    @Inject(ENV) private readonly env: Env,
  ) {}

  async run(context: StageContext): Promise<StageOutcome> {
    const { run, progress } = context;
    const pictures = await this.dataset.inspected(run.id);
    progress(0, pictures.length);
    const ofTexts = run.settings.modality === 'text';
    const rows = await (ofTexts ? this.texts.judge(run.id, pictures) : this.judgePictures(run, pictures));
    await this.dataset.replaceDuplicates(run.id, rows);
    const found = await this.searches.of(run, context.categories);
    progress(pictures.length, pictures.length, describeSearch(found));
    // Another round, while a category is short of its target and a provider may have more.
    return found.some((category) => category.stoppedBecause === null) ? 'next-round' : 'done';
  }

  private async judgePictures(
    { id, settings }: RunRecord,
    pictures: readonly InspectedPicture[],
  ): Promise<DuplicateRow[]> {
    const { maxOverlay } = runSettingsSchema.parse(settings).inspect;
    return judge(id, pictures, await this.hashesOf(id, pictures), maxOverlay);
  }

  /** The hashes of all pictures: those of earlier rounds lie beside the run, only the new ones are read from the database. */
  private async hashesOf(
    runId: string,
    pictures: readonly InspectedPicture[],
  ): Promise<ReadonlyMap<string, HashRecord>> {
    const file = await HashFile.open(join(this.env.dataDir, 'runs', runId, 'hashes.bin'));
    try {
      const missing = pictures.filter(({ candidateId }) => !file.records.has(candidateId));
      for (let start = 0; start < missing.length; start += READ_AT_ONCE) {
        const ids = missing.slice(start, start + READ_AT_ONCE).map(({ candidateId }) => candidateId);
        const measures = await this.dataset.measuresOf(ids);
        await file.append([...measures].map(([id, measured]) => toRecord(id, measured)));
      }
      return file.records;
    } finally {
      await file.close();
    }
  }
}

/** Rows of measures in memory at a time: about 2 kB each. */
const READ_AT_ONCE = 2000;

const toRecord = (id: string, measures: InspectMeasures): HashRecord => ({
  id,
  flatShare: measures.flatShare,
  whole: measures,
  inner: measures.inner,
  inFrame: measures.inFrame ?? null,
  overlay: measures.overlay ?? null,
});

/** Where a crawled picture comes from; wide and high pictures apart, since an overlay lies elsewhere in them. */
function sourceOf({ imageUrl, width, height }: InspectedPicture): string {
  return `${URL.canParse(imageUrl) ? new URL(imageUrl).host : ''} ${width > height ? 'wide' : 'high'}`;
}

/** How far each crawled picture shows the overlay of its site, by candidate. */
function overlaysOf(
  pictures: readonly InspectedPicture[],
  hashes: ReadonlyMap<string, HashRecord>,
): Map<string, number> {
  return findOverlays(
    pictures.flatMap((picture) => {
      const overlay = hashes.get(picture.candidateId)?.overlay;
      if (!overlay || isOwnProvider(picture.provider)) return [];
      return [{ id: picture.candidateId, source: sourceOf(picture), overlay }];
    }),
  );
}

/** Names a picture by what it is and where it was found, so that ties are broken alike in every run. */
const nameOf = (
  { sha256, categoryId, provider, query, rank }: InspectedPicture,
  categoryOrder: readonly string[],
): string => [sha256, categoryOrder.indexOf(categoryId), provider, query, rank].join('/');

const overlayDetail = (picture: InspectedPicture, agreement: number): string =>
  `shows ${(100 * agreement).toFixed(0)} % of an overlay that repeats over the pictures of ${sourceOf(picture).split(' ')[0]}`;

function judge(
  runId: string,
  pictures: readonly InspectedPicture[],
  hashes: ReadonlyMap<string, HashRecord>,
  maxOverlay: number,
): DuplicateRow[] {
  const overlays = overlaysOf(pictures, hashes);
  const isMarked = (candidateId: string): boolean => (overlays.get(candidateId) ?? 0) >= maxOverlay;
  const order = [...new Set(pictures.map((picture) => picture.categoryId))];
  const byName = new Map(pictures.map((picture) => [nameOf(picture, order), picture]));
  const items = [...byName].map(([id, { candidateId, categoryId, ...facts }]): DedupeItem => {
    const { whole, inner, inFrame, flatShare } = hashes.get(candidateId) as HashRecord; // all are in the file: see above
    const marked = isMarked(candidateId);
    return { ...facts, ...whole, inner, inFrame, flatShare, id, category: categoryId, marked };
  });
  const groups = groupDuplicates(items);
  const keeperOf = new Map(
    groups.flatMap((group) => group.members.map((member) => [member.id, group.keeper])),
  );
  const dropped = new Map(droppedByGroups(groups).map((drop) => [drop.id, drop]));
  return [...byName].map(([name, picture]) => {
    const keeper = byName.get(keeperOf.get(name) ?? name) as InspectedPicture;
    const drop = dropped.get(name);
    const marked = !drop && isMarked(picture.candidateId);
    return {
      runId,
      candidateId: picture.candidateId,
      groupKey: keeper.sha256,
      keeperId: drop ? keeper.candidateId : null,
      reason: drop?.reason ?? (marked ? 'watermark' : null),
      detail: marked ? overlayDetail(picture, overlays.get(picture.candidateId) ?? 0) : null,
      distance: drop?.distance ?? null,
    };
  });
}

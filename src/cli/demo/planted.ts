import type { ImageView } from '../../http/api.js';
import { renderTable, type Column } from '../render/table.js';
import type { GalleryResult } from './gallery-client.js';

/** One kind of thing planted in the gallery, and what the run made of it. */
export interface PlantedRow {
  plant: string;
  /** Pictures of that kind that the run looked at. */
  seen: number;
  /** Of those, dropped; for a copy, either it or its original. */
  caught: number;
  /** How many were dropped under each reason. */
  reasons: Record<string, number>;
}

type Verdicts = ReadonlyMap<string, ImageView>;

/** The picture that was dropped on account of a plant: itself, or the original of a copy when the copy was kept. */
function droppedFor({ imageUrl, copyOf }: GalleryResult, verdicts: Verdicts): ImageView | null {
  const pair = [imageUrl, copyOf].map((url) => (url === null ? undefined : verdicts.get(url)));
  return pair.find((image) => image?.state === 'dropped') ?? null;
}

/** A copy whose original was never found is no double. */
function isFair({ imageUrl, copyOf }: GalleryResult, verdicts: Verdicts): boolean {
  const isJudged = (url: string): boolean => (verdicts.get(url)?.state ?? 'pending') !== 'pending';
  return isJudged(imageUrl) && (copyOf === null || isJudged(copyOf));
}

/** Compares what the gallery planted with what the run dropped, a row a kind of plant; sound pictures have their own row. */
export function comparePlanted(
  results: readonly GalleryResult[],
  images: readonly ImageView[],
): PlantedRow[] {
  const verdicts = new Map(images.map((image) => [image.imageUrl, image]));
  const fair = results.filter((result) => isFair(result, verdicts));
  const standIns = new Set(
    fair.filter(({ copyOf }) => copyOf !== null).map((copy) => droppedFor(copy, verdicts)),
  );
  const rows = new Map<string, PlantedRow>();
  for (const result of fair) {
    // An original that was dropped in place of its copy is told in the row of the copy.
    if (result.copyOf === null && standIns.has(verdicts.get(result.imageUrl) ?? null)) continue;
    const plant = result.plant ?? 'sound';
    const row = rows.get(plant) ?? { plant, seen: 0, caught: 0, reasons: {} };
    rows.set(plant, row);
    row.seen++;
    const dropped = droppedFor(result, verdicts);
    if (!dropped) continue;
    row.caught++;
    const reason = dropped.reason ?? 'unknown';
    row.reasons[reason] = (row.reasons[reason] ?? 0) + 1;
  }
  return inOrder([...rows.values()]);
}

/** Adds up the rows of several categories. */
export function mergePlanted(rows: readonly PlantedRow[]): PlantedRow[] {
  const merged = new Map<string, PlantedRow>();
  for (const { plant, seen, caught, reasons } of rows) {
    const row = merged.get(plant) ?? { plant, seen: 0, caught: 0, reasons: {} };
    merged.set(plant, row);
    row.seen += seen;
    row.caught += caught;
    for (const [reason, count] of Object.entries(reasons))
      row.reasons[reason] = (row.reasons[reason] ?? 0) + count;
  }
  return inOrder([...merged.values()]);
}

const inOrder = (rows: PlantedRow[]): PlantedRow[] =>
  rows.sort((a, b) => rank(a) - rank(b) || (a.plant < b.plant ? -1 : 1));

/** Sound pictures last. */
const rank = ({ plant }: PlantedRow): number => (plant === 'sound' ? 1 : 0);

const COLUMNS: readonly Column[] = [
  { title: 'planted' },
  { title: 'in the run', align: 'right' },
  { title: 'dropped', align: 'right' },
  { title: 'under' },
];

export function renderPlanted(rows: readonly PlantedRow[]): string {
  const table = renderTable(
    COLUMNS,
    rows.map(({ plant, seen, caught, reasons }) => [plant, String(seen), String(caught), listOf(reasons)]),
  );
  return `What the gallery planted, and what became of it (a copy counts as dropped when it or its original is)\n\n${table}`;
}

const listOf = (reasons: Readonly<Record<string, number>>): string =>
  Object.entries(reasons)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${reason} ${count}`)
    .join(', ');

import type { Report } from '../api/client';

export type LearningCurve = NonNullable<Report['learningCurve']>;

/** One place on the axis of a learning curve: what was measured there, what is foretold, or both. */
export interface CurveRow {
  readonly perCategory: number;
  readonly measured: number | null;
  readonly deviation: number | null;
  readonly foretold: number | null;
  readonly band: readonly [number, number] | null;
}

/** Measured points and forecasts in one list, few examples first; a forecast for a place that was measured stands beside it. */
export function curveRows({ points, forecast }: LearningCurve): CurveRow[] {
  const rows = new Map<number, CurveRow>();
  for (const { perCategory, accuracy, deviation } of points)
    rows.set(perCategory, { perCategory, measured: accuracy, deviation, foretold: null, band: null });
  for (const { perCategory, accuracy, interval } of forecast) {
    const known = rows.get(perCategory);
    rows.set(perCategory, {
      perCategory,
      measured: known?.measured ?? null,
      deviation: known?.deviation ?? null,
      foretold: accuracy,
      band: [Number(interval[0]), Number(interval[1])],
    });
  }
  return [...rows.values()].sort((a, b) => a.perCategory - b.perCategory);
}

/** How many kept examples of a category to aim at, so that the neediest gets what the curve asks for; never less than now. */
export function aimOf({ categories, more }: LearningCurve): number | null {
  const most = Math.max(0, ...categories.map(({ pictures }) => pictures));
  const wanted = Math.max(more?.pictures ?? 0, ...categories.map((one) => one.more?.pictures ?? 0));
  return wanted === 0 ? null : Math.ceil((most + wanted) / 10) * 10;
}

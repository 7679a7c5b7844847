import { takeRows, type Matrix } from '../matrix.js';
import { SearchDataError, type DevRows } from './dev-rows.js';
import { widthsOf } from './join.js';
import type { FeatureSet } from './types.js';

/** All rows of a feature set, checked against the number of pictures. */
export async function loadMatrix(
  { backbone, tap, matrix, parts }: Pick<FeatureSet, 'backbone' | 'tap' | 'matrix' | 'parts'>,
  rows: number,
): Promise<Matrix> {
  const loaded = typeof matrix === 'function' ? await matrix() : matrix;
  const { channels = loaded.cols } = tap;
  if (parts === undefined && loaded.cols !== channels)
    throw new SearchDataError(
      `The features of ${backbone}/${tap.id} have ${loaded.cols} columns for ${channels} channels. Extract them again.`,
    );
  if (loaded.rows === rows && loaded.data.length === rows * loaded.cols) return loaded;
  throw new SearchDataError(
    `The features of ${backbone}/${tap.id} have ${loaded.rows} rows for ${rows} pictures. Extract them again.`,
  );
}

/** All rows of each further look at the pictures of a feature set. */
export async function loadMore(
  { backbone, tap, parts, more = [] }: FeatureSet,
  rows: number,
): Promise<Matrix[]> {
  const loaded: Matrix[] = [];
  for (const matrix of more) loaded.push(await loadMatrix({ backbone, tap, matrix, parts }, rows));
  return loaded;
}

/** Features of the dev rows, as they come from the backbone. */
export interface DevFeatures {
  readonly x: Matrix;
  /** Columns of each tap where several are read side by side and known; left out: all are one. */
  readonly widths?: readonly number[];
  /** Of the same rows seen otherwise, to learn from. */
  readonly more?: readonly Matrix[];
}

/** A feature set read whole, and its dev rows. */
export async function loadSet(
  set: FeatureSet,
  rows: number,
  dev: DevRows,
): Promise<DevFeatures & { readonly all: Matrix }> {
  const all = await loadMatrix(set, rows);
  const more = await loadMore(set, rows);
  const ofDev = (matrix: Matrix): Matrix => takeRows(matrix, dev.rows);
  return { all, x: ofDev(all), widths: set.parts && widthsOf(set), more: more.map(ofDev) };
}

/** The dev rows of a feature set alone. */
export async function loadDev(set: FeatureSet, rows: number, dev: DevRows): Promise<DevFeatures> {
  const { x, widths, more } = await loadSet(set, rows, dev);
  return { x, widths, more };
}

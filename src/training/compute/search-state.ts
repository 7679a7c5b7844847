import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Diagnosis, FittedHead, LearningCurve } from '../../../zoo/index.js';
import type { ModelSummary } from '../../runs/run.js';
import { GraftError } from '../../runs/errors.js';

/** What the search hands to the packaging. */
export interface SearchState {
  readonly selected: ModelSummary;
  readonly mean: Float32Array;
  readonly std: Float32Array;
  readonly layers: FittedHead['layers'];
  readonly temperature: number;
  readonly unknownBelow: number | null;
  readonly learningCurve: LearningCurve;
  readonly diagnosis: readonly Diagnosis[];
  /** Rows of the test pictures, and what the search says of each: [rows, classes]. */
  readonly testRows: Int32Array;
  readonly testProbabilities: Float64Array;
}

/** Written beside and renamed: a state that can be read is whole. */
export async function writeState(file: string, state: SearchState): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = await open(`${file}.tmp`, 'w');
  try {
    await draft.writeFile(serialize(state));
    await draft.sync();
  } finally {
    await draft.close();
  }
  await rename(`${file}.tmp`, file);
}

/** @throws GraftError when the trials stage has left nothing */
export async function readState(file: string): Promise<SearchState> {
  try {
    return deserialize(await readFile(file)) as SearchState;
  } catch (error) {
    throw new GraftError({
      code: 'search-state-missing',
      message: `The outcome of the search is missing (${file}).`,
      fix: 'Start a new run; features are cached, so only the heads are trained again.',
      status: 500,
      cause: error,
    });
  }
}

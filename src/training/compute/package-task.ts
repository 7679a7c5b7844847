import { InputError, verifyPackage, writePackage, type GoldenPicture } from '../../../zoo/index.js';
import { VERSION } from '../../config/version.js';
import { GraftError } from '../../runs/errors.js';
import type { ModelSummary } from '../../runs/run.js';
import type { Report } from './child.js';
import { readPicture } from './pass.js';
import { workOf } from './modal-work.js';
import type { PackageResult, PackageTask } from './protocol.js';
import { readState, type SearchState } from './search-state.js';

/** Test pictures that the packaged file must predict as the search did. */
const PROOF_PICTURES = 64;
const STEPS = 3;

/** Packages the winner of the search, and lets the packaged file prove itself before it takes its place. */
export async function computePackage(task: PackageTask, report: Report): Promise<PackageResult> {
  const state = await readState(task.stateFile);
  report(0, STEPS, 'measuring the truncated network');
  const trunk = await workOf(task).trunk(task, state.selected);
  if (!trunk) throw zooChanged(state.selected);
  const { installed, taps, latencyMs } = trunk;
  const selected = { ...state.selected, cost: { ...state.selected.cost, latencyMs } };
  report(1, STEPS, 'joining trunk and head');
  const { runId, seed, createdAt, labels, dataset } = task;
  let sketches: number[][] = [];
  const manifest = await writePackage(
    task.folder,
    {
      installed,
      taps,
      standardise: { mean: state.mean, std: state.std },
      head: state.layers,
      temperature: state.temperature,
      unknownBelow: state.unknownBelow,
      labels,
      graftVersion: VERSION,
      runId,
      createdAt,
      seed,
      dataset,
      selected,
      golden: await readGoldenPictures(task),
      pictures: countByLabel(task),
      learningCurve: state.learningCurve,
      diagnosis: [...state.diagnosis],
    },
    async (draft) => {
      report(2, STEPS, 'comparing the packaged file with the search');
      sketches = await prove(draft, task, state);
    },
  );
  report(STEPS, STEPS);
  return {
    manifest,
    // The size is known now, not only estimated.
    selected: { ...selected, cost: manifest.selected.cost },
    confidences: confidencesOf(state, labels.length),
    sketches,
  };
}

/** @returns sketches of the test pictures that it was tried on */
async function prove(draft: string, task: PackageTask, state: SearchState): Promise<number[][]> {
  const rows = [...state.testRows].slice(0, PROOF_PICTURES);
  const pictures = rows.flatMap((row) => task.pictures[row] ?? []);
  const classes = task.labels.length;
  const expected = rows.map((_, i) =>
    Float32Array.from(state.testProbabilities.subarray(i * classes, (i + 1) * classes)),
  );
  try {
    const { sketches } = await verifyPackage(draft, await Promise.all(pictures.map(readPicture)), expected);
    return sketches.flatMap((sketch) => (sketch ? [[...sketch]] : []));
  } catch (error) {
    // Each of them was decoded for the features already.
    if (error instanceof InputError)
      throw new Error(`What was decoded before is damaged now: ${error.message}`, { cause: error });
    throw error;
  }
}

const readGoldenPictures = ({ golden }: PackageTask): Promise<GoldenPicture[]> =>
  Promise.all(
    golden.map(async ({ sha256, path, ...picture }) => ({
      ...picture,
      bytes: await readPicture({ sha256, path }),
    })),
  );

function confidencesOf({ testRows, testProbabilities }: SearchState, classes: number): number[] {
  return Array.from(testRows, (_, i) =>
    Math.max(...testProbabilities.subarray(i * classes, (i + 1) * classes)),
  );
}

function countByLabel({ labels, pictures }: PackageTask): Record<string, number> {
  return Object.fromEntries(
    labels.map((label, index) => [label, pictures.filter((picture) => picture.label === index).length]),
  );
}

const zooChanged = (selected: ModelSummary): GraftError =>
  new GraftError({
    code: 'zoo-changed',
    message: `The chosen ${selected.backbone}, cut at ${selected.tap}, is not in the zoo any more.`,
    fix: 'Start a new run.',
    status: 409,
  });

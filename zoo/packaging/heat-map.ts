import { withEvidence } from '../graph/evidence.js';
import { IMAGE_INPUT } from '../graph/image-input.js';
import { readModel, writeModel } from '../graph/model-file.js';
import { openSession, type SessionOptions, type TensorValue } from '../runtimes/onnx.js';
import type { PackageManifest } from './manifest.js';
import { pictureSpec } from './package-input.js';

/** Where on a picture a label was decided. */
export interface HeatMap {
  readonly label: string;
  /**
   * `class-activation`: what each place adds to the logit of the label, less what it adds to those of all labels on average;
   * the mean over the places is the logit's lead. `occlusion`: how much the log-probability of the label falls when the place
   * is covered.
   */
  readonly method: 'class-activation' | 'occlusion';
  readonly rows: number;
  readonly columns: number;
  /** Row-major; high where the picture speaks for the label, below 0 where it speaks against it. */
  readonly values: Float32Array;
}

export interface HeatMapper {
  /** @param pixels one picture as the model wants it @param label index of the label */
  map(pixels: Uint8Array, label: number): Promise<HeatMap>;
  close(): Promise<void>;
}

type Probabilities = (pixels: readonly Uint8Array[]) => Promise<Float32Array[]>;

/** Places a side that are covered in turn, and how far the cover reaches over its place, in places. */
const OCCLUSION_GRID = 8;
const COVER = 1;
const LEAST_PROBABILITY = 1e-7;

/** Opens what draws heat maps for a packaged model: class activation where the head is linear, else occlusion. */
export async function openHeatMapper(
  file: Uint8Array,
  manifest: PackageManifest,
  probabilities: Probabilities,
  options: SessionOptions,
): Promise<HeatMapper> {
  const evidence = withEvidence(readModel(file));
  if (!evidence) {
    const map = (pixels: Uint8Array, label: number): Promise<HeatMap> =>
      occlusion(pixels, label, manifest, probabilities);
    return { map, close: () => Promise.resolve() };
  }
  const session = await openSession(writeModel(evidence.model), options);
  const { width, height } = pictureSpec(manifest);
  return {
    map: async (pixels, label) => {
      const feed = { type: 'uint8' as const, dims: [1, height, width, 3], data: pixels };
      const outputs = await session.run({ [IMAGE_INPUT]: feed }, [...evidence.outputs]);
      return activation(
        evidence.outputs.map((name) => gridOf(outputs[name], label, manifest.labels.length)),
        manifest.labels[label] ?? '',
      );
    },
    close: () => session.close(),
  };
}

/** Rows and columns of the places; a token of its own before the tokens of the picture is left out. */
function placesOf(dims: readonly number[]): { rows: number; columns: number; skip: number } {
  if (dims.length === 4) return { rows: dims[1] ?? 0, columns: dims[2] ?? 0, skip: 0 };
  const tokens = dims[1] ?? 0;
  const side = Math.floor(Math.sqrt(tokens));
  return { rows: side, columns: side, skip: tokens - side * side };
}

interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/** What each place of one tap adds to the lead of a label over the mean of all. */
function gridOf(output: TensorValue | undefined, label: number, classes: number): Grid {
  const { rows, columns, skip } = placesOf(output?.dims ?? []);
  const values = Float32Array.from({ length: rows * columns }, (_, place) => {
    const at = (place + skip) * classes;
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += Number(output?.data[at + c]);
    return Number(output?.data[at + label]) - sum / classes;
  });
  return { rows, columns, values };
}

/** Shares that places `0..from` have in place `to` of a coarser line of the same length. */
const overlap = (from: number, to: number, fine: number, coarse: number): number =>
  Math.max(0, Math.min((from + 1) / fine, (to + 1) / coarse) - Math.max(from / fine, to / coarse)) * coarse;

/** The mean of a grid over each place of a coarser one: the mean of all stays what it was. */
function coarsen(grid: Grid, rows: number, columns: number): Float32Array {
  if (grid.rows === rows && grid.columns === columns) return grid.values;
  const out = new Float32Array(rows * columns);
  grid.values.forEach((value, place) => {
    const [y, x] = [Math.floor(place / grid.columns), place % grid.columns];
    for (let row = 0; row < rows; row++) {
      const down = overlap(y, row, grid.rows, rows);
      if (down === 0) continue;
      for (let column = 0; column < columns; column++)
        out[row * columns + column] =
          (out[row * columns + column] ?? 0) + value * down * overlap(x, column, grid.columns, columns);
    }
  });
  return out;
}

/** Taps read side by side add up, on the grid of the one that has the fewest places. */
function activation(grids: readonly Grid[], label: string): HeatMap {
  const { rows, columns } = grids.reduce((a, b) => (b.values.length < a.values.length ? b : a));
  const values = new Float32Array(rows * columns);
  for (const grid of grids)
    coarsen(grid, rows, columns).forEach((value, place) => (values[place] = (values[place] ?? 0) + value));
  return { label, method: 'class-activation', rows, columns, values };
}

/** Covers one place after the other with the picture's mean colour (Zeiler & Fergus, ECCV 2014, section 4.2). */
async function occlusion(
  pixels: Uint8Array,
  label: number,
  manifest: PackageManifest,
  probabilities: Probabilities,
): Promise<HeatMap> {
  const { labels } = manifest;
  const input = pictureSpec(manifest);
  const side = OCCLUSION_GRID;
  const mean = meanColour(pixels);
  const covered = Array.from({ length: side * side }, (_, place) =>
    cover(pixels, input, { row: Math.floor(place / side), column: place % side }, mean),
  );
  const [whole, ...rows] = await probabilities([pixels, ...covered]);
  const logOf = (row: Float32Array | undefined): number =>
    Math.log(Math.max(LEAST_PROBABILITY, row?.[label] ?? 0));
  const values = Float32Array.from(rows, (row) => logOf(whole) - logOf(row));
  return { label: labels[label] ?? '', method: 'occlusion', rows: side, columns: side, values };
}

function meanColour(pixels: Uint8Array): [number, number, number] {
  const sums: [number, number, number] = [0, 0, 0];
  pixels.forEach((value, i) => (sums[i % 3] = (sums[i % 3] ?? 0) + value));
  return sums.map((sum) => Math.round((sum * 3) / pixels.length)) as [number, number, number];
}

function cover(
  pixels: Uint8Array,
  { width, height }: { width: number; height: number },
  { row, column }: { row: number; column: number },
  colour: readonly number[],
): Uint8Array {
  const edge = (place: number, size: number): number =>
    Math.min(size, Math.max(0, Math.round((place * size) / OCCLUSION_GRID)));
  const copy = Uint8Array.from(pixels);
  const [left, right] = [edge(column - COVER / 2, width), edge(column + 1 + COVER / 2, width)];
  for (let y = edge(row - COVER / 2, height); y < edge(row + 1 + COVER / 2, height); y++)
    for (let x = left; x < right; x++) copy.set(colour, 3 * (y * width + x));
  return copy;
}

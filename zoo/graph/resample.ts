import { floats, node } from './model.js';
import type { Addition } from './surgery.js';

/**
 * Weights that take a line of `from` pixels, or its centre of `span` of them, to `to` pixels: linear interpolation, widened where it
 * shrinks so that no pixel is passed over, as Pillow's BILINEAR. Row-major [to, from]; each row adds up to 1.
 */
export function resamplingWeights(from: number, to: number, span: number = from): Float32Array {
  const scale = span / to;
  const reach = Math.max(1, scale);
  const start = (from - span) / 2;
  const weights = new Float32Array(to * from);
  for (let row = 0; row < to; row++) {
    const centre = start + (row + 0.5) * scale;
    const line = Float64Array.from({ length: from }, (_, pixel) =>
      Math.max(0, 1 - Math.abs(pixel + 0.5 - centre) / reach),
    );
    const sum = line.reduce((total, weight) => total + weight, 0);
    line.forEach((weight, pixel) => (weights[row * from + pixel] = weight / sum));
  }
  return weights;
}

/** A square picture's side in pixels: how large it is, how large its wanted centre, and how large that is to become. */
export interface Resampling {
  readonly from: number;
  readonly span: number;
  readonly to: number;
}

/**
 * Steps that resample square pictures, float32 [N, from, from, 3] to [N, to, to, 3]. Two products with constant matrices: every runtime
 * has them and gives the same numbers, which cannot be said of Resize, whose antialiasing came with operator set 18.
 */
export function resample(input: string, output: string, { from, to, span }: Resampling): Addition {
  const name = (part: string): string => `${output}/${part}`;
  const weights = resamplingWeights(from, to, span);
  const turned = new Float32Array(weights.length);
  for (let row = 0; row < to; row++)
    for (let pixel = 0; pixel < from; pixel++)
      turned[pixel * to + row] = weights[row * from + pixel] as number;
  return {
    nodes: [
      node('Transpose', [input], name('planes'), { perm: [0, 3, 1, 2] }),
      node('MatMul', [name('rows-weights'), name('planes')], name('rows')),
      node('MatMul', [name('rows'), name('columns-weights')], name('columns')),
      node('Transpose', [name('columns')], output, { perm: [0, 2, 3, 1] }),
    ],
    constants: [
      floats(name('rows-weights'), [to, from], weights),
      floats(name('columns-weights'), [from, to], turned),
    ],
  };
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { solveFactored, withArena } from '../linalg/index.js';
import type { FittedHead, GridRequest, Head } from './head.js';
import { oneHot } from './ridge-cross-validation.js';
import { factorSystem, ridgeSystem, type RidgeSystem } from './ridge-system.js';

const ridgeParams = z.object({
  /** Penalty as a multiple of the mean squared length of a row of features. */
  strength: z.number().positive(),
});
type RidgeParams = z.infer<typeof ridgeParams>;

/** `X^T b` for b [rows, classes]; shape [cols, classes]. */
function transposedProduct({ x }: RidgeSystem, b: Float64Array, classes: number): Float64Array {
  const out = new Float64Array(x.cols * classes);
  for (let i = 0; i < x.rows; i++) {
    for (let d = 0; d < x.cols; d++) {
      const value = x.data[i * x.cols + d] as number;
      for (let c = 0; c < classes; c++) {
        out[d * classes + c] = (out[d * classes + c] as number) + value * (b[i * classes + c] as number);
      }
    }
  }
  return out;
}

function centredTargets(y: Int32Array, classes: number): { targets: Float64Array; share: Float64Array } {
  const targets = oneHot(y, classes);
  const share = new Float64Array(classes);
  for (const label of y) share[label] = (share[label] as number) + 1 / y.length;
  return { targets: targets.map((value, index) => value - (share[index % classes] as number)), share };
}

/** Dual: X^T (K + lambda I)^-1 Y. Primal: (X^T X + lambda I)^-1 X^T Y. */
function solve(system: RidgeSystem, strength: number, targets: Float64Array, classes: number): Float64Array {
  return withArena((arena) => {
    const factor = factorSystem(arena, system, strength);
    if (system.form === 'primal') {
      const weights = transposedProduct(system, targets, classes);
      solveFactored(factor, weights, classes);
      return weights;
    }
    const dual = Float64Array.from(targets);
    solveFactored(factor, dual, classes);
    return transposedProduct(system, dual, classes);
  });
}

function toHead(system: RidgeSystem, weights: Float64Array, share: Float64Array): FittedHead {
  const outputs = share.length;
  const bias = Float32Array.from(share, (value, c) => {
    let shift = 0;
    for (let d = 0; d < system.x.cols; d++)
      shift += (system.mean[d] as number) * (weights[d * outputs + c] as number);
    return value - shift;
  });
  const layer = {
    weights: Float32Array.from(weights),
    bias,
    inputs: system.x.cols,
    outputs,
    activation: 'none' as const,
  };
  return { layers: [layer] };
}

async function fitStrengths({
  x,
  y,
  classes,
  grid,
  signal,
}: GridRequest<RidgeParams>): Promise<FittedHead[]> {
  const system = ridgeSystem(x);
  const { targets, share } = centredTargets(y, classes);
  const fitted: FittedHead[] = [];
  for (const { strength } of grid) {
    await nextTurn();
    signal?.throwIfAborted();
    fitted.push(toHead(system, solve(system, strength, targets, classes), share));
  }
  return fitted;
}

/**
 * Ridge regression on one-hot targets, the intercept not penalised (Hoerl and Kennard, Technometrics 12, 1970). One closed-form solve; its scores are not
 * probabilities until a temperature is fitted.
 */
export const ridge: Head<RidgeParams> = {
  id: 'ridge',
  title: 'Ridge regression on one-hot targets',
  params: ridgeParams,
  grid: [0.03, 0.1, 0.3, 1, 3].map((strength) => ({ strength })),
  sizes: (inputs, classes) => [{ inputs, outputs: classes }],
  fit: async (request) => (await fitStrengths({ ...request, grid: [request.params] }))[0] as FittedHead,
  fitGrid: fitStrengths,
};

import {
  addPart,
  cholesky,
  invertTransposed,
  solveFactored,
  solveRight,
  withArena,
  type Arena,
  type Panel64,
} from '../linalg/index.js';
import type { Matrix } from '../matrix.js';
import type { Scores } from '../metrics/index.js';
import { columnMeans, shiftRows } from './centre.js';
import { foldRows, scoreByFold, type Group } from './ridge-by-fold.js';
import {
  factorSystem,
  penalty,
  ridgeSystem,
  systemOfProducts,
  type Form,
  type NormalEquations,
} from './ridge-system.js';

/** Ridge regression on one-hot targets, its held-out predictions in closed form. */
export interface RidgeCrossValidation {
  /**
   * Scores of every row from the ridge fit (same strength, intercept not penalised) to all rows outside its group: equal
   * to fitting once a group, at about the price of one fit.
   */
  heldOut(strength: number): Scores;
}

interface Prepared {
  system: NormalEquations;
  /** Centred features where the system is primal; null where it is dual, which needs none. */
  x: Matrix | null;
  /** Row of the caller for each row of the system, groups side by side. */
  order: Int32Array;
  groups: Group[];
  /** One-hot [n, classes], in the order of the system. */
  targets: Float64Array;
  classes: number;
}

/** `I - H` = identity * I + factor * P P^T - 1/n, H the hat matrix with intercept. */
interface Complement {
  projection: Panel64;
  identity: 0 | 1;
  factor: number;
}

function sortByGroup(groupOf: ArrayLike<number>): { order: Int32Array; groups: Group[] } {
  const order = Int32Array.from({ length: groupOf.length }, (_, index) => index);
  order.sort((a, b) => (groupOf[a] as number) - (groupOf[b] as number) || a - b);
  const groups: Group[] = [];
  order.forEach((row, index) => {
    const last = groups.at(-1);
    if (last !== undefined && groupOf[order[last.start] as number] === groupOf[row]) last.size++;
    else groups.push({ start: index, size: 1 });
  });
  return { order, groups };
}

/** One-hot rows of the classes in `y`, row-major [n, classes]. */
export function oneHot(y: ArrayLike<number>, classes: number): Float64Array {
  const out = new Float64Array(y.length * classes);
  for (let i = 0; i < y.length; i++) out[i * classes + (y[i] as number)] = 1;
  return out;
}

/**
 * With L L^T the factor, the primal hat matrix is Z Z^T for Z = X L^-T, and the dual one I - lambda (K + lambda I)^-1
 * with (K + lambda I)^-1 = R R^T for R = L^-T. Centred features make the intercept's share 1/n in both.
 */
function complementOf(arena: Arena, { system, x }: Prepared, strength: number): Complement {
  const factor = factorSystem(arena, system, strength);
  const projection = arena.panel64(x?.rows ?? system.size, system.size);
  if (x === null) {
    invertTransposed(projection, factor);
    return { projection, identity: 0, factor: penalty(system, strength) };
  }
  const { data, stride } = projection;
  for (let i = 0; i < x.rows; i++) data.set(x.data.subarray(i * x.cols, (i + 1) * x.cols), i * stride);
  solveRight(projection, factor);
  return { projection, identity: 1, factor: -1 };
}

/** `(P^T Y)^T`, [classes, P.cols]. */
function projectTargets(arena: Arena, projection: Panel64, targets: Float64Array, classes: number): Panel64 {
  const out = arena.panel64(classes, projection.cols);
  const view = out.data;
  const { data, rows, cols, stride } = projection;
  for (let i = 0; i < rows; i++) {
    const at = targets.subarray(i * classes, (i + 1) * classes).indexOf(1) * out.stride;
    for (let d = 0; d < cols; d++) view[at + d] = (view[at + d] as number) + (data[i * stride + d] as number);
  }
  return out;
}

/** `P P^T Y`, [P.rows, classes]. */
function projected(arena: Arena, projection: Panel64, targets: Float64Array, classes: number): Panel64 {
  const out = arena.panel64(projection.rows, classes);
  const inner = projectTargets(arena, projection, targets, classes);
  const rows = Math.ceil(projection.rows / 16) * 16;
  const corner = (panel: Panel64) => ({ panel, row: 0, col: 0 });
  addPart(
    corner(out),
    corner(projection),
    corner(inner),
    { rows, cols: out.stride, depth: projection.stride },
    1,
  );
  return out;
}

/** `(I - H) Y`, the residuals of the fit to all rows. */
function residuals(
  arena: Arena,
  complement: Complement,
  { targets, classes, order }: Prepared,
): Float64Array {
  const { projection, identity, factor } = complement;
  const { data, stride } = projected(arena, projection, targets, classes);
  const count = order.length;
  const out = new Float64Array(count * classes);
  const share = new Float64Array(classes);
  targets.forEach(
    (value, index) => (share[index % classes] = (share[index % classes] as number) + value / count),
  );
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < classes; c++) {
      const at = i * classes + c;
      out[at] =
        identity * (targets[at] as number) + factor * (data[i * stride + c] as number) - (share[c] as number);
    }
  }
  return out;
}

/** Groups of one row: the held-out residual is the residual over its own element of I - H (PRESS). */
function solveSingles(
  { projection, identity, factor }: Complement,
  residual: Float64Array,
  classes: number,
): void {
  const { data, rows, cols, stride } = projection;
  for (let i = 0; i < rows; i++) {
    let square = 0;
    for (let d = 0; d < cols; d++)
      square += (data[i * stride + d] as number) * (data[i * stride + d] as number);
    const own = identity + factor * square - 1 / rows;
    for (let c = 0; c < classes; c++) residual[i * classes + c] = (residual[i * classes + c] as number) / own;
  }
}

/** The group's own block of I - H, factored. */
function groupBlock(
  arena: Arena,
  { projection, identity, factor }: Complement,
  { start, size }: Group,
): Panel64 {
  const block = arena.panel64(size, size);
  // Rows of the dual projection are zero left of their own diagonal.
  const firstCol = identity === 1 ? 0 : start - (start % 16);
  const depth = projection.stride - firstCol;
  const all = { panel: projection, row: start, col: firstCol };
  for (let row = 0; row < size; row += 16) {
    const part = { panel: projection, row: start + row, col: firstCol };
    addPart({ panel: block, row, col: 0 }, part, all, { rows: 16, cols: row + 16, depth }, factor);
  }
  const { data, stride } = block;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++)
      data[i * stride + j] = (data[i * stride + j] as number) - 1 / projection.rows;
    data[i * stride + i] = (data[i * stride + i] as number) + identity;
  }
  cholesky(block);
  return block;
}

function solveGroups(complement: Complement, { groups, classes }: Prepared, residual: Float64Array): void {
  for (const group of groups) {
    withArena((arena) => {
      const part = residual.subarray(group.start * classes, (group.start + group.size) * classes);
      solveFactored(groupBlock(arena, complement, group), part, classes);
    });
  }
}

/** Held-out scores by the residuals of the fit to all rows, in the order of the system. */
function scoreByResiduals(prepared: Prepared, strength: number): Float64Array {
  const { order, groups, targets, classes } = prepared;
  const residual = withArena((arena) => {
    const complement = complementOf(arena, prepared, strength);
    const out = residuals(arena, complement, prepared);
    if (groups.length === order.length) solveSingles(complement, out, classes);
    else solveGroups(complement, prepared, out);
    return out;
  });
  return targets.map((target, at) => target - (residual[at] as number));
}

/** Scores in the order of the system, as scores in the order of the caller. */
function inOrder(scores: Float64Array, order: Int32Array, classes: number): Scores {
  const data = new Float64Array(scores.length);
  order.forEach((row, index) => {
    data.set(scores.subarray(index * classes, (index + 1) * classes), row * classes);
  });
  return { rows: order.length, classes, data };
}

/** How the scores are come by: fits by fold, or residuals of one fit in either form. */
type Way = 'fold' | Form;

/** The way with the fewest products, roughly. Those of 32 bits, of the Gram matrices, count a quarter. */
function cheapestWay(rows: number, cols: number, groups: number): Way {
  const gram = (rows * cols * Math.min(rows, cols)) / 8;
  const costs: readonly (readonly [Way, number])[] = [
    ['fold', (groups * cols ** 3) / 6 + groups * 16 * cols ** 2 + (rows * cols ** 2) / 8],
    ['primal', (rows * cols ** 2) / 2 + cols ** 3 / 6 + (rows ** 2 * cols) / groups + gram],
    ['dual', 0.38 * rows ** 3 + (rows ** 2 * cols) / 8],
  ];
  return costs.reduce((least, other) => (other[1] < least[1] ? other : least))[0];
}

/**
 * Prepares ridge cross-validation in closed form: the products once, then one factorisation a strength, or one a group where features are
 * narrow and groups few.
 *
 * The residuals of the rows F left out together are `(I - H)_FF^-1 ((I - H) y)_F`. Singles: Allen, Technometrics 16, 1974 (PRESS);
 * groups: An, Liu and Venkatesh, Pattern Recognition 40, 2007, theorem 1. The intercept is part of H and so is left out too.
 *
 * @param x features, standardised once for all rows (the scaling is not left out with a group; the centring is)
 * @param groupOf group of each row; rows of one group are predicted by a fit without any of them. All different: leave-one-out
 */
export function ridgeCrossValidation(
  x: Matrix,
  y: Int32Array,
  classes: number,
  groupOf: ArrayLike<number>,
): RidgeCrossValidation {
  const { order, groups } = sortByGroup(groupOf);
  const labels = order.map((row) => y[row] as number);
  const way = cheapestWay(x.rows, x.cols, groups.length);
  if (way === 'fold' && groups.length > 1) {
    const folded = foldRows(shiftRows(x, order, columnMeans(x)), labels, groups, classes);
    return {
      heldOut: (strength) => inOrder(scoreByFold(folded, penalty(folded, strength)), order, classes),
    };
  }
  const { size, gram, unit, form, x: centred } = ridgeSystem(x, order, way === 'fold' ? 'primal' : way);
  const features = form === 'primal' ? centred : null;
  const system = { size, gram, unit };
  return byResiduals({ system, x: features, order, groups, targets: oneHot(labels, classes), classes });
}

const byResiduals = (prepared: Prepared): RidgeCrossValidation => ({
  heldOut: (strength) => inOrder(scoreByResiduals(prepared, strength), prepared.order, prepared.classes),
});

/**
 * {@link ridgeCrossValidation} of features whose inner products are known.
 *
 * @param products of all pairs of rows, columns centred: lower triangle, row-major [rows, rows]
 */
export function ridgeCrossValidationOfProducts(
  products: Float64Array,
  y: Int32Array,
  classes: number,
  groupOf: ArrayLike<number>,
): RidgeCrossValidation {
  const { order, groups } = sortByGroup(groupOf);
  const targets = oneHot(
    order.map((row) => y[row] as number),
    classes,
  );
  return byResiduals({ system: systemOfProducts(products, order), x: null, order, groups, targets, classes });
}

/** {@link ridgeCrossValidation} with every row left out alone. */
export function ridgeLeaveOneOut(x: Matrix, y: Int32Array, classes: number): RidgeCrossValidation {
  return ridgeCrossValidation(
    x,
    y,
    classes,
    Array.from({ length: x.rows }, (_, index) => index),
  );
}

export {
  copyIn,
  copyOut,
  copyTransposedIn,
  withArena,
  type Arena,
  type Panel32,
  type Panel64,
} from './arena.js';
export {
  addGram,
  addPart,
  addProduct,
  cholesky,
  invertTransposed,
  NotPositiveDefiniteError,
  solveFactored,
  solveRight,
  solveRows,
} from './factor.js';
export { eigen, type Eigen } from './eigen.js';

export { accuracy, wilson, type Interval } from './proportion.js';
export { confusionMatrix, type ConfusionMatrix } from './confusion.js';
export { UNKNOWN_RATE, unknownThreshold, type UnknownThreshold } from './unknown.js';
export { differenceInterval, type Tally } from './difference.js';
export { pairedBootstrap } from './paired.js';
export { mcnemar, type PairedComparison } from './mcnemar.js';
export { normalTail } from './normal.js';
export {
  argmaxRows,
  expectedCalibrationError,
  fitTemperature,
  logLoss,
  rowLosses,
  softmaxRows,
  type Scores,
} from './calibration.js';

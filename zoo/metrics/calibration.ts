/** Scores of n rows and c classes, row-major [n, c]. */
export interface Scores {
  rows: number;
  classes: number;
  data: Float32Array | Float64Array;
}

/** Index of the greatest score of every row; the first one when several are equal. */
export function argmaxRows({ rows, classes, data }: Scores): Int32Array {
  const best = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    let at = 0;
    for (let c = 1; c < classes; c++) {
      if ((data[i * classes + c] as number) > (data[i * classes + at] as number)) at = c;
    }
    best[i] = at;
  }
  return best;
}

/** Softmax of every row of `logits / temperature`. */
export function softmaxRows(logits: Scores, temperature = 1): Scores {
  const { rows, classes } = logits;
  const data = new Float64Array(rows * classes);
  for (let i = 0; i < rows; i++) {
    const row = logits.data.subarray(i * classes, (i + 1) * classes);
    const greatest = Math.max(...row);
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      const value = Math.exp(((row[c] as number) - greatest) / temperature);
      data[i * classes + c] = value;
      sum += value;
    }
    for (let c = 0; c < classes; c++) data[i * classes + c] = (data[i * classes + c] as number) / sum;
  }
  return { rows, classes, data };
}

/** Mean negative log-likelihood of the true classes under softmax(logits / temperature), in nats. */
export function logLoss(logits: Scores, labels: ArrayLike<number>, temperature = 1): number {
  const { rows, classes } = logits;
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const row = logits.data.subarray(i * classes, (i + 1) * classes);
    const greatest = Math.max(...row);
    let sum = 0;
    for (const value of row) sum += Math.exp((value - greatest) / temperature);
    total += Math.log(sum) - ((row[labels[i] as number] as number) - greatest) / temperature;
  }
  return rows === 0 ? 0 : total / rows;
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;
const MIN_LOG_TEMPERATURE = Math.log(0.01);
const MAX_LOG_TEMPERATURE = Math.log(100);
const PRECISION = 1e-3;

/** Where a function with one minimum is least, to within {@link PRECISION}. */
function leastBetween(from: number, to: number, value: (at: number) => number): number {
  let [low, high] = [from, to];
  let left = high - GOLDEN * (high - low);
  let right = low + GOLDEN * (high - low);
  let [atLeft, atRight] = [value(left), value(right)];
  while (high - low > PRECISION) {
    if (atLeft <= atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - GOLDEN * (high - low);
      atLeft = value(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + GOLDEN * (high - low);
      atRight = value(right);
    }
  }
  return (low + high) / 2;
}

/** Mean over rows of: logit of the true class less the mean logit of all classes. */
function meanLead({ rows, classes, data }: Scores, labels: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += data[i * classes + c] as number;
    total += (data[i * classes + (labels[i] as number)] as number) - sum / classes;
  }
  return total / rows;
}

/**
 * The temperature that makes softmax(logits / temperature) most likely (Guo et al., "On Calibration of Modern Neural
 * Networks", ICML 2017, section 4.2), in [0.01, 100]. Must be fitted on rows the model did not see.
 *
 * Labels are smoothed by one part in rows + 2 (as Platt, 1999, does for two classes): when every row is right, likelihood alone would make the
 * model ever surer, and n right answers do not say that the next one is certain. The smoothed loss is convex in 1 / temperature too.
 */
export function fitTemperature(logits: Scores, labels: ArrayLike<number>): number {
  if (logits.rows === 0) return 1;
  const smoothing = 1 / (logits.rows + 2);
  const lead = meanLead(logits, labels);
  const loss = (logTemperature: number): number => {
    const temperature = Math.exp(logTemperature);
    return logLoss(logits, labels, temperature) + (smoothing * lead) / temperature;
  };
  return Math.exp(leastBetween(MIN_LOG_TEMPERATURE, MAX_LOG_TEMPERATURE, loss));
}

/**
 * Expected calibration error with equal-width bins (Naeini et al., AAAI 2015): mean gap between confidence and accuracy,
 * weighted by the rows of each bin.
 */
export function expectedCalibrationError(
  probabilities: Scores,
  labels: ArrayLike<number>,
  bins = 15,
): number {
  const { rows, classes, data } = probabilities;
  const gap = new Float64Array(bins);
  const best = argmaxRows(probabilities);
  for (let i = 0; i < rows; i++) {
    const confidence = data[i * classes + (best[i] as number)] as number;
    const bin = Math.min(bins - 1, Math.floor(confidence * bins));
    gap[bin] = (gap[bin] as number) + confidence - (best[i] === labels[i] ? 1 : 0);
  }
  return rows === 0 ? 0 : gap.reduce((sum, value) => sum + Math.abs(value), 0) / rows;
}

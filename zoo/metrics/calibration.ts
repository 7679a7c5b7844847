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
  return logits.rows === 0 ? 0 : negativeLogLikelihood(logits, labels, 1 / temperature).value;
}

/** Negative log-likelihood of the true class of every row, in nats. */
export function rowLosses(logits: Scores, labels: ArrayLike<number>, temperature = 1): Float64Array {
  const { rows, classes, data } = logits;
  return Float64Array.from({ length: rows }, (_, row) => {
    const one = { rows: 1, classes, data: data.subarray(row * classes, (row + 1) * classes) };
    return negativeLogLikelihood(one, [labels[row] as number], 1 / temperature).value;
  });
}

/** Mean negative log-likelihood at an inverse temperature, with its first two derivatives by it. */
function negativeLogLikelihood({ rows, classes, data }: Scores, labels: ArrayLike<number>, inverse: number) {
  let [value, slope, curvature] = [0, 0, 0];
  for (let i = 0; i < rows; i++) {
    const at = i * classes;
    let greatest = -Infinity;
    for (let c = 0; c < classes; c++) greatest = Math.max(greatest, data[at + c] as number);
    let [sum, first, second] = [0, 0, 0];
    for (let c = 0; c < classes; c++) {
      const gap = (data[at + c] as number) - greatest;
      const weight = Math.exp(gap * inverse);
      sum += weight;
      first += weight * gap;
      second += weight * gap * gap;
    }
    const own = (data[at + (labels[i] as number)] as number) - greatest;
    const mean = first / sum;
    value += Math.log(sum) - own * inverse;
    slope += mean - own;
    curvature += second / sum - mean * mean;
  }
  return { value: value / rows, slope: slope / rows, curvature: curvature / rows };
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

const MIN_TEMPERATURE = 0.01;
const MAX_TEMPERATURE = 100;
const MAX_STEPS = 60;

/**
 * The temperature that makes softmax(logits / temperature) most likely (Guo et al., "On Calibration of Modern Neural
 * Networks", ICML 2017, section 4.2), in [0.01, 100]. Must be fitted on rows the model did not see.
 *
 * Labels are smoothed by one part in rows + 2 (as Platt, 1999, does for two classes): when every row is right, likelihood alone would make the
 * model ever surer, and n right answers do not say that the next one is certain. Convex in 1 / temperature: Newton's method, and
 * a bisection wherever it would leave the bracket.
 */
export function fitTemperature(logits: Scores, labels: ArrayLike<number>): number {
  if (logits.rows === 0) return 1;
  const pull = meanLead(logits, labels) / (logits.rows + 2);
  let [low, high] = [1 / MAX_TEMPERATURE, 1 / MIN_TEMPERATURE];
  let inverse = 1;
  for (let step = 0; step < MAX_STEPS && high / low > 1 + 1e-6; step++) {
    const { slope, curvature } = negativeLogLikelihood(logits, labels, inverse);
    if (slope + pull > 0) high = inverse;
    else low = inverse;
    const newton = inverse - (slope + pull) / curvature;
    const next = newton > low && newton < high ? newton : Math.sqrt(low * high);
    if (Math.abs(next - inverse) <= 1e-6 * inverse) break;
    inverse = next;
  }
  return 1 / inverse;
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

const BETA_MEAN = 0.9;
const BETA_SQUARE = 0.999;
const EPSILON = 1e-8;

/**
 * AdamW (Loshchilov and Hutter, ICLR 2019) for one array of weights, updated in place. Weights shrink by
 * `rate * weightDecay` a step, apart from the gradient.
 *
 * @returns a step: gradient of the same length, learning rate
 */
export function adam(
  weights: Float32Array,
  weightDecay: number,
): (gradient: Float32Array, rate: number) => void {
  const mean = new Float32Array(weights.length);
  const square = new Float32Array(weights.length);
  let step = 0;
  return (gradient, rate) => {
    step++;
    const meanBias = 1 - BETA_MEAN ** step;
    const squareBias = 1 - BETA_SQUARE ** step;
    for (let i = 0; i < weights.length; i++) {
      const g = gradient[i] as number;
      const m = BETA_MEAN * (mean[i] as number) + (1 - BETA_MEAN) * g;
      const v = BETA_SQUARE * (square[i] as number) + (1 - BETA_SQUARE) * g * g;
      mean[i] = m;
      square[i] = v;
      const move = m / meanBias / (Math.sqrt(v / squareBias) + EPSILON);
      weights[i] = (weights[i] as number) * (1 - rate * weightDecay) - rate * move;
    }
  };
}

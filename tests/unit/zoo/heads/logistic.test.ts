import { describe, expect, it } from 'vitest';
import { applyHead } from '../../../../zoo/heads/head.js';
import { lbfgs } from '../../../../zoo/heads/lbfgs.js';
import { logistic } from '../../../../zoo/heads/logistic.js';
import { softmaxRows } from '../../../../zoo/metrics/index.js';
import { createRng } from '../../../../zoo/rng.js';

describe('lbfgs', () => {
  it('finds the minimum of the Rosenbrock valley', () => {
    const steps = lbfgs(Float64Array.of(-1.2, 1), { maxIterations: 200, tolerance: 1e-9 });
    let turn = steps.next();
    while (turn.done !== true) {
      const [x, y] = [turn.value[0]!, turn.value[1]!];
      const gradient = Float64Array.of(-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x));
      turn = steps.next({ value: (1 - x) ** 2 + 100 * (y - x * x) ** 2, gradient });
    }
    expect(turn.value[0]).toBeCloseTo(1, 6);
    expect(turn.value[1]).toBeCloseTo(1, 6);
  });
});

describe('logistic regression', () => {
  it('equals the closed form where there is one: equal counts on one two-valued feature', async () => {
    // With p the share of class 1 where x = 1 (and 1 - p where x = -1), the unpenalised optimum has probability p there.
    const p = 0.75;
    const rows = 80;
    const data = Float32Array.from({ length: rows }, (_, i) => (i % 2 === 0 ? 1 : -1));
    const y = Int32Array.from({ length: rows }, (_, i) =>
      Math.floor(i / 2) % 4 < 4 * p === (i % 2 === 0) ? 1 : 0,
    );
    const x = { rows, cols: 1, data };
    const fitted = await logistic.fit({ x, y, classes: 2, params: { strength: 1e-9 }, rng: createRng(0) });
    const probabilities = softmaxRows(applyHead(fitted, { rows: 2, cols: 1, data: Float32Array.of(1, -1) }));
    expect(probabilities.data[1]).toBeCloseTo(p, 3);
    expect(probabilities.data[3]).toBeCloseTo(1 - p, 3);
  });

  it('stands where the penalised gradient is zero', async () => {
    const [rows, cols, classes, strength] = [50, 12, 3, 0.01];
    const rng = createRng(2);
    const data = Float32Array.from({ length: rows * cols }, () => 3 + 2 * rng.normal());
    const y = Int32Array.from({ length: rows }, () => rng.int(classes));
    const fitted = await logistic.fit({ x: { rows, cols, data }, y, classes, params: { strength }, rng });
    const probabilities = softmaxRows(applyHead(fitted, { rows, cols, data })).data;
    const mean = Array.from({ length: cols }, (_, d) =>
      data.reduce((sum, v, i) => sum + (i % cols === d ? v / rows : 0), 0),
    );
    const unit = data.reduce((sum, v, i) => sum + (v - mean[i % cols]!) ** 2 / rows, 0);
    const { weights } = fitted.layers[0]!;
    for (let d = 0; d < cols; d++) {
      for (let c = 0; c < classes; c++) {
        let gradient = strength * unit * weights[d * classes + c]!;
        for (let i = 0; i < rows; i++) {
          const residual = probabilities[i * classes + c]! - (y[i] === c ? 1 : 0);
          gradient += ((data[i * cols + d]! - mean[d]!) * residual) / rows;
        }
        expect(gradient / Math.sqrt(unit)).toBeCloseTo(0, 3);
      }
    }
  });
});

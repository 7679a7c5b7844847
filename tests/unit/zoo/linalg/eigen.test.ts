import { describe, expect, it } from 'vitest';
import { createRng } from '../../../../zoo/index.js';
import { eigen } from '../../../../zoo/linalg/index.js';

/** `m m^T` of a random [size, rank] matrix: eigenvalues at and near zero included. */
function gram(size: number, rank: number): Float64Array {
  const rng = createRng(`${size}/${rank}`);
  const m = Float64Array.from({ length: size * rank }, () => rng.normal());
  return Float64Array.from({ length: size * size }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += m[Math.floor(at / size) * rank + k]! * m[(at % size) * rank + k]!;
    return sum;
  });
}

const identity = (size: number): Float64Array =>
  Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 : 0));

describe('eigen', () => {
  it('finds what is known in closed form', () => {
    // Ones beside a diagonal of twos: 2 - 2 cos(k pi / (n + 1)).
    const size = 12;
    const a = Float64Array.from({ length: size * size }, (_, at) => {
      const gap = Math.abs(Math.floor(at / size) - (at % size));
      return gap === 0 ? 2 : gap === 1 ? -1 : 0;
    });
    const { values } = eigen(a, size, new Float64Array(size), 1);
    const expected = Float64Array.from(
      { length: size },
      (_, k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (size + 1)),
    );
    values.sort().forEach((value, k) => expect(value).toBeCloseTo(expected[k]!, 12));
  });

  it.each([
    [1, 1],
    [2, 2],
    [30, 30],
    [40, 7],
    [25, 1],
  ])('puts a matrix of size %i and rank %i together again', (size, rank) => {
    const a = gram(size, rank);
    // The identity in the eigenvectors' axes is U^T.
    const { values, projected } = eigen(a, size, identity(size), size);
    const scale = Math.max(...a);
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        let sum = 0;
        for (let k = 0; k < size; k++)
          sum += projected[k * size + i]! * values[k]! * projected[k * size + j]!;
        expect(Math.abs(sum - a[i * size + j]!) / scale).toBeLessThan(1e-12);
      }
    expect(values.filter((value) => value > 1e-9 * scale).length).toBe(rank);
  });

  it('reads the lower triangle alone', () => {
    const a = gram(10, 10);
    const half = a.map((value, at) => (at % 10 > Math.floor(at / 10) ? NaN : value));
    expect(eigen(half, 10, identity(10), 10)).toEqual(eigen(a, 10, identity(10), 10));
  });
});

/** A dense row-major matrix of 32-bit floats: element (r, c) is `data[r * cols + c]`. */
export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float32Array;
}

/** A new matrix holding the given rows of `matrix`, in the order of `rowIndices`. */
export function takeRows(matrix: Matrix, rowIndices: ArrayLike<number>): Matrix {
  const { cols } = matrix;
  const data = new Float32Array(rowIndices.length * cols);
  for (let i = 0; i < rowIndices.length; i++) {
    const start = (rowIndices[i] as number) * cols;
    data.set(matrix.data.subarray(start, start + cols), i * cols);
  }
  return { rows: rowIndices.length, cols, data };
}

/** The rows of matrices of one width, one matrix after the other. */
export function stackRows(matrices: readonly Matrix[]): Matrix {
  const [first] = matrices;
  if (matrices.length === 1 && first) return first;
  const rows = matrices.reduce((sum, matrix) => sum + matrix.rows, 0);
  const cols = first?.cols ?? 0;
  const data = new Float32Array(rows * cols);
  let at = 0;
  for (const matrix of matrices) {
    data.set(matrix.data, at);
    at += matrix.data.length;
  }
  return { rows, cols, data };
}

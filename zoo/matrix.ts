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

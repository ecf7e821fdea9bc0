import { requireAllFinite } from '@unrolled/contracts';

/** A symmetric matrix in float64, all of it, row by row. */
export interface Symmetric {
  readonly size: number;
  readonly values: Float64Array;
}

/** A Aᵀ of the matrix A `[rows, columns]`, in float64. */
export function gramOfRows(name: string, a: ArrayLike<number>, rows: number, columns: number): Symmetric {
  requireAllFinite(name, a);
  const values = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < columns; k++) sum += a[i * columns + k]! * a[j * columns + k]!;
      values[i * rows + j] = sum;
      values[j * rows + i] = sum;
    }
  }
  return { size: rows, values };
}

/** Aᵀ A of the matrix A `[rows, columns]`, in float64. */
export function gramOfColumns(name: string, a: ArrayLike<number>, rows: number, columns: number): Symmetric {
  return gramOfRows(name, transposed(a, rows, columns), columns, rows);
}

/** The transpose `[columns, rows]`, in float64. */
export function transposed(a: ArrayLike<number>, rows: number, columns: number): Float64Array {
  const result = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result[j * rows + i] = a[i * columns + j]!;
  }
  return result;
}

import type { Symmetric } from './gram.ts';

/** A complex matrix, row by row. */
export interface Complex {
  readonly rows: number;
  readonly columns: number;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** M M*, or Mᵀ conj(M), which has the eigenvalues of M* M, where that is smaller: Hermitian, positive semidefinite. */
export function smallerGram({ rows, columns, real, imaginary }: Complex): Complex {
  const byRows = rows <= columns;
  const [size, inner] = byRows ? [rows, columns] : [columns, rows];
  const [outerStride, innerStride] = byRows ? [columns, 1] : [1, columns];
  const gram = {
    rows: size,
    columns: size,
    real: new Float64Array(size * size),
    imaginary: new Float64Array(size * size),
  };
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let re = 0;
      let im = 0;
      for (let k = 0; k < inner; k++) {
        const a = i * outerStride + k * innerStride;
        const b = j * outerStride + k * innerStride;
        re += real[a]! * real[b]! + imaginary[a]! * imaginary[b]!;
        im += imaginary[a]! * real[b]! - real[a]! * imaginary[b]!;
      }
      gram.real[i * size + j] = gram.real[j * size + i] = re;
      gram.imaginary[i * size + j] = im;
      gram.imaginary[j * size + i] = -im;
    }
  }
  return gram;
}

/**
 * [Re −Im; Im Re] of a Hermitian matrix: symmetric, with each of its eigenvalues twice. One real number stays as it
 * is.
 */
export function realEmbedding({ rows: size, real, imaginary }: Complex): Symmetric {
  if (size === 1) return { size, values: real };
  const width = 2 * size;
  const values = new Float64Array(width * width);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const [re, im] = [real[i * size + j]!, imaginary[i * size + j]!];
      values[i * width + j] = re;
      values[(size + i) * width + size + j] = re;
      values[i * width + size + j] = -im;
      values[(size + i) * width + j] = im;
    }
  }
  return { size: width, values };
}

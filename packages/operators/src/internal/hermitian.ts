import type { Symmetric } from './gram.ts';

/** A Hermitian matrix, all of it, row by row. */
export interface Hermitian {
  readonly size: number;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/**
 * [Re −Im; Im Re] of a Hermitian matrix: symmetric, with each of its eigenvalues twice. One real number stays as it
 * is.
 */
export function realEmbedding({ size, real, imaginary }: Hermitian): Symmetric {
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

import type { Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { refuse, requireInteger, requireKnownOptions } from '@unrolled/contracts';

/** Options of {@link cosineFilters}. */
export interface CosineFiltersOptions {
  /** K, pixels of a side. */
  readonly size: number;
  /** How many; at most K². */
  readonly atoms: number;
}

/**
 * The lowest cosines of a square of K × K pixels, the constant first, each of unit norm: where a dictionary of pictures may well begin.
 *
 *     h_{u,v}[m, n] ∝ cos(π (m + ½) u / K) · cos(π (n + ½) v / K),    in the order of u² + v²
 *
 * All K² of them are orthonormal, and placed with a stride that divides K a tight frame, ‖H‖² = (K/s)²: ISTA with them is the
 * thresholding of blockwise cosine transforms.
 *
 * @returns `[size, size, 1, atoms]`, a fresh tensor
 * @throws INVALID_ARGUMENT, UNKNOWN_OPTION
 * @example const filters = cosineFilters({ size: 8, atoms: 64 });
 * @see Ahmed, Natarajan & Rao, "Discrete cosine transform", IEEE Trans. Computers 23 (1974)
 */
export function cosineFilters(options: CosineFiltersOptions): Tensor4D {
  requireKnownOptions('cosineFilters', options, ['size', 'atoms']);
  const size = requireInteger('size', options.size);
  const atoms = requireInteger('atoms', options.atoms);
  if (atoms > size * size) refuse('atoms', atoms, `at most ${size * size}, the cosines of ${size} × ${size}`);
  const frequencies = Array.from({ length: size * size }, (_, index) => [
    Math.floor(index / size),
    index % size,
  ]) as [number, number][];
  frequencies.sort(([u, v], [p, q]) => u * u + v * v - p * p - q * q);
  const along = (frequency: number, at: number): number =>
    Math.cos((Math.PI * (at + 0.5) * frequency) / size) * Math.sqrt((frequency === 0 ? 1 : 2) / size);
  const values = new Float32Array(size * size * atoms);
  for (let row = 0, index = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      for (const [u, v] of frequencies.slice(0, atoms)) values[index++] = along(u, row) * along(v, column);
    }
  }
  return tf.tensor4d(values, [size, size, 1, atoms]);
}

import { Matrix } from 'ml-matrix';

/** Filters `[time, channels, atoms]`, row by row, and their stride. */
export interface Filters {
  readonly values: ArrayLike<number>;
  readonly time: number;
  readonly channels: number;
  readonly atoms: number;
  readonly stride: number;
}

/** The matrix of H for codes of this many positions, written down entry by entry from (H x)[n] = Σ x_c[i] h_c[n − s i]. */
export function convolutionMatrix(filters: Filters, positions: number): Matrix {
  const { values, time, channels, atoms, stride } = filters;
  const samples = (positions - 1) * stride + time;
  const matrix = Matrix.zeros(samples * channels, positions * atoms);
  for (let i = 0; i < positions; i++) {
    for (let k = 0; k < time; k++) {
      for (let channel = 0; channel < channels; channel++) {
        for (let atom = 0; atom < atoms; atom++) {
          const row = (i * stride + k) * channels + channel;
          matrix.set(row, i * atoms + atom, values[(k * channels + channel) * atoms + atom]!);
        }
      }
    }
  }
  return matrix;
}

/** sup_ω Σ_c |ĥ_c(ω)|² of filters `[time, 1, atoms]` with stride 1, on a grid much finer than any peak is wide. */
export function largestGain(values: ArrayLike<number>, time: number, atoms: number): number {
  const points = 20_000;
  let largest = 0;
  for (let point = 0; point <= points; point++) {
    let gain = 0;
    for (let atom = 0; atom < atoms; atom++) {
      let [re, im] = [0, 0];
      for (let k = 0; k < time; k++) {
        re += values[k * atoms + atom]! * Math.cos((Math.PI * point * k) / points);
        im += values[k * atoms + atom]! * Math.sin((Math.PI * point * k) / points);
      }
      gain += re ** 2 + im ** 2;
    }
    largest = Math.max(largest, gain);
  }
  return largest;
}

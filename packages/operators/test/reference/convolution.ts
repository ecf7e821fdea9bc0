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

/** sup_ω Σ_c |ĥ_c(ω)|² of filters `[size, size, 1, atoms]` with stride 1, on a grid: at most 0.1 % below for a size of 9. */
export function largestGain2d(values: ArrayLike<number>, size: number, atoms: number): number {
  const points = 400;
  const wave = (point: number, sample: number): number => (Math.PI * point * sample) / points;
  let largest = 0;
  for (let down = 0; down <= points; down++) {
    // First the sum over the columns' samples, which all frequencies to the right have in common.
    const re = new Float64Array(size * atoms);
    const im = new Float64Array(size * atoms);
    for (let k = 0; k < size; k++) {
      for (let entry = 0; entry < size * atoms; entry++) {
        re[entry]! += values[k * size * atoms + entry]! * Math.cos(wave(down, k));
        im[entry]! -= values[k * size * atoms + entry]! * Math.sin(wave(down, k));
      }
    }
    for (let right = -points; right <= points; right++) {
      let gain = 0;
      for (let atom = 0; atom < atoms; atom++) {
        let [sumRe, sumIm] = [0, 0];
        for (let l = 0; l < size; l++) {
          const [cosine, sine] = [Math.cos(wave(right, l)), -Math.sin(wave(right, l))];
          sumRe += re[l * atoms + atom]! * cosine - im[l * atoms + atom]! * sine;
          sumIm += re[l * atoms + atom]! * sine + im[l * atoms + atom]! * cosine;
        }
        gain += sumRe ** 2 + sumIm ** 2;
      }
      largest = Math.max(largest, gain);
    }
  }
  return largest;
}

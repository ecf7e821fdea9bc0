import type { Random } from '@unrolled/contracts';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Windows of background that a covariance is taken of, and the fewest that will do. */
const WINDOWS = 3000;
const FEWEST = 100;
/** A window with a deflection beyond this many deviations is no background. */
const LIMIT = 4;
/** Directions are held above this part of the mean variance: what the band-pass has left nothing of must not become the loudest. */
const FLOOR = 0.1;

/** How the background looks over the length of a template. */
export interface Background {
  /** Coordinates of a waveform `[time × channels]` in which noise has deviation 1 in every direction. */
  whiten(waveform: Float32Array): Float32Array;
  /** Deviation of the background along a template of any size; 1 were it white. */
  along(template: Float32Array): number;
}

/**
 * Learns the background from windows drawn at random where no channel reaches 4 deviations: their covariance over time and
 * channels, C = V Λ Vᵀ, gives Λ^(−1/2) Vᵀ x as coordinates. Distances between waveforms are then in units of the noise: two
 * spikes of one neuron lie about as far apart as two windows of background.
 *
 * @param pieces whitened `[time × channels]`
 * @param length samples of a template
 */
export function learnBackground(
  pieces: readonly Float32Array[],
  channels: number,
  length: number,
  random: Random,
): Background {
  const size = length * channels;
  const windows = size === 0 ? [] : backgroundWindows(pieces, channels, size, random);
  if (windows.length < FEWEST)
    return Object.freeze({ whiten: (waveform: Float32Array) => waveform, along: () => 1 });

  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covarianceOf(windows, size), {
    assumeSymmetric: true,
  });
  const floor = (FLOOR * realEigenvalues.reduce((sum, value) => sum + value, 0)) / size;
  const deviations = realEigenvalues.map((value) => Math.sqrt(Math.max(value, floor)));
  const directions = eigenvectorMatrix
    .transpose()
    .to2DArray()
    .map((row) => Float64Array.from(row));
  const coordinates = (waveform: Float32Array) => directions.map((direction) => dot(direction, waveform));
  return Object.freeze({
    whiten: (waveform: Float32Array) =>
      Float32Array.from(coordinates(waveform), (value, index) => value / deviations[index]!),
    along: (template: Float32Array) => {
      const values = coordinates(template);
      const energy = values.reduce((sum, value) => sum + value * value, 0);
      const variance = values.reduce((sum, value, index) => sum + (value * deviations[index]!) ** 2, 0);
      return energy > 0 ? Math.sqrt(variance / energy) : 1;
    },
  });
}

function backgroundWindows(
  pieces: readonly Float32Array[],
  channels: number,
  size: number,
  random: Random,
): Float32Array[] {
  const windows: Float32Array[] = [];
  for (let draw = 0; draw < 5 * WINDOWS && windows.length < WINDOWS; draw++) {
    const piece = pieces[random.integer(pieces.length)]!;
    const places = (piece.length - size) / channels + 1;
    if (places < 1) continue;
    const start = random.integer(places) * channels;
    const window = piece.subarray(start, start + size);
    if (!window.some((value) => Math.abs(value) > LIMIT)) windows.push(window);
  }
  return windows;
}

function covarianceOf(windows: readonly Float32Array[], size: number): Matrix {
  // Plain arrays: the sum over windows is the work here.
  const sums = Array.from({ length: size }, () => new Float64Array(size));
  for (const window of windows) {
    for (let row = 0; row < size; row++) {
      const value = window[row]!;
      const target = sums[row]!;
      for (let column = 0; column <= row; column++) target[column]! += value * window[column]!;
    }
  }
  const covariance = new Matrix(size, size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      covariance.set(row, column, sums[row]![column]! / windows.length);
      covariance.set(column, row, sums[row]![column]! / windows.length);
    }
  }
  return covariance;
}

function dot(a: Float64Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { SymmetricFilter } from './band-pass.ts';

/** Whitening does not amplify what holds less than this part of the mean power: that is no noise, but its absence. */
const FLOOR = 0.1;

/**
 * The symmetric whitening matrix W = C^(−1/2) of the channels' background (ZCA: of all whitening matrices the one that
 * changes the channels least, so that a template's largest channel stays its largest).
 *
 * Eigenvalues are held above a hundredth of the largest: two channels that carry the same signal must not blow up their
 * difference.
 *
 * @param signals scaled `[time × channels]`
 * @param quiet which of their samples are background
 */
export function whiteningMatrix(
  signals: readonly Float32Array[],
  quiet: readonly Uint8Array[],
  channels: number,
): number[][] {
  const covariance = Matrix.zeros(channels, channels);
  let count = 0;
  signals.forEach((signal, piece) => {
    quiet[piece]!.forEach((is, time) => {
      if (is === 0) return;
      count++;
      for (let row = 0; row < channels; row++) {
        for (let column = 0; column < channels; column++) {
          const product = signal[time * channels + row]! * signal[time * channels + column]!;
          covariance.set(row, column, covariance.get(row, column) + product);
        }
      }
    });
  });
  if (count < 100 * channels) return Matrix.eye(channels, channels).to2DArray();
  covariance.div(count);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, {
    assumeSymmetric: true,
  });
  const floor = Math.max(...realEigenvalues) / 100;
  const roots = realEigenvalues.map((value) => 1 / Math.sqrt(Math.max(value, floor)));
  return eigenvectorMatrix.mmul(Matrix.diag(roots)).mmul(eigenvectorMatrix.transpose()).to2DArray();
}

/**
 * The zero-phase filter that whitens the background in time: its frequency response is S(f)^(−1/2), S the background's power
 * spectrum, the mean over the channels. Then one sample of noise says nothing of the next, which is what least squares takes
 * for granted, and templates that differ by little are told apart as well as they can be.
 *
 * S is the transform of the autocovariance of quiet stretches up to `reach` samples, tapered by Hann's window (Blackman & Tukey
 * 1958), held above a tenth of its mean.
 *
 * @param signals whitened across channels, `[time × channels]`
 * @param quiet which of their samples are background
 * @param reach samples on either side that the filter takes in
 */
export function whiteningFilter(
  signals: readonly Float32Array[],
  quiet: readonly Uint8Array[],
  channels: number,
  reach: number,
): SymmetricFilter {
  const covariance = autocovariance(signals, quiet, channels, reach);
  if (!(covariance[0]! > 0)) return { half: Float64Array.of(1) };
  const bins = 8 * (reach + 1);
  const taper = (lag: number) => (1 + Math.cos((Math.PI * lag) / (reach + 1))) / 2;
  const spectrum = cosineSum(
    covariance.map((value, lag) => value * taper(lag)),
    bins,
  );
  const mean = spectrum.reduce((sum, value) => sum + value, 0) / bins;
  const gains = spectrum.map((power) => 1 / Math.sqrt(Math.max(power, FLOOR * mean)));
  const half = Float64Array.from({ length: reach + 1 }, (_, lag) => {
    let sum = 0;
    for (let bin = 0; bin < bins; bin++) sum += gains[bin]! * Math.cos((Math.PI * lag * (bin + 0.5)) / bins);
    return (sum / bins) * taper(lag);
  });
  return { half };
}

/** Mean of x(t)·x(t + lag) over quiet pairs, for lags 0 … reach. */
function autocovariance(
  signals: readonly Float32Array[],
  quiet: readonly Uint8Array[],
  channels: number,
  reach: number,
): Float64Array {
  const sums = new Float64Array(reach + 1);
  const counts = new Float64Array(reach + 1);
  const total = quiet.reduce((sum, { length }) => sum + length, 0);
  // A hundred thousand places fix it.
  const stride = Math.max(1, Math.floor(total / 100_000));
  signals.forEach((signal, piece) => {
    const still = quiet[piece]!;
    for (let time = 0; time + reach < still.length; time += stride) {
      if (still[time] === 0) continue;
      for (let lag = 0; lag <= reach && still[time + lag] === 1; lag++) {
        counts[lag]! += channels;
        for (let channel = 0; channel < channels; channel++) {
          sums[lag]! += signal[time * channels + channel]! * signal[(time + lag) * channels + channel]!;
        }
      }
    }
  });
  return sums.map((sum, lag) => (counts[lag]! > 0 ? sum / counts[lag]! : 0));
}

/** Values of an even function's spectrum at (bin + ½)/bins of half the sampling rate. */
function cosineSum(half: Float64Array, bins: number): Float64Array {
  return Float64Array.from({ length: bins }, (_, bin) =>
    half.reduce((sum, value, lag) => {
      const wave = Math.cos((Math.PI * lag * (bin + 0.5)) / bins);
      return sum + (lag === 0 ? 1 : 2) * value * wave;
    }, 0),
  );
}

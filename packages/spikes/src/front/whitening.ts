import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/**
 * The symmetric whitening matrix W = C^(−1/2) of the channels' background (ZCA: of all whitening matrices the one that
 * changes the channels least, so that a template's largest channel stays its largest).
 *
 * The background is what is left where no channel is within `guard` samples of a deflection beyond 4 deviations. Eigenvalues
 * are held above a hundredth of the largest: two channels that carry the same signal must not blow up their difference.
 *
 * @param windows scaled signals `[time, channels]` of unit robust deviation
 */
export function whiteningMatrix(
  windows: readonly Float32Array[],
  channels: number,
  guard: number,
): number[][] {
  const covariance = Matrix.eye(channels, channels).mul(1e-6);
  let count = 1e-6;
  for (const window of windows) {
    const length = window.length / channels;
    let quietFrom = 0;
    for (let time = 0; time < length; time++) {
      if (beyond(window, time, channels)) quietFrom = time + guard + 1;
      const ahead = time + guard;
      if (ahead < length && beyond(window, ahead, channels))
        quietFrom = Math.max(quietFrom, ahead + guard + 1);
      if (time < quietFrom) continue;
      count++;
      for (let row = 0; row < channels; row++) {
        for (let column = 0; column < channels; column++) {
          const product = window[time * channels + row]! * window[time * channels + column]!;
          covariance.set(row, column, covariance.get(row, column) + product);
        }
      }
    }
  }
  if (count < 10 * channels) return Matrix.eye(channels, channels).to2DArray();
  covariance.div(count);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, {
    assumeSymmetric: true,
  });
  const floor = Math.max(...realEigenvalues) / 100;
  const roots = realEigenvalues.map((value) => 1 / Math.sqrt(Math.max(value, floor)));
  return eigenvectorMatrix.mmul(Matrix.diag(roots)).mmul(eigenvectorMatrix.transpose()).to2DArray();
}

function beyond(window: Float32Array, time: number, channels: number): boolean {
  for (let channel = 0; channel < channels; channel++) {
    if (Math.abs(window[time * channels + channel]!) > 4) return true;
  }
  return false;
}

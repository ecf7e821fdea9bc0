/**
 * The middle value; of an even number of values, the mean of the middle two. 0 of none.
 *
 * @example median([3, 1, 2, 10]) // 2.5
 */
export function median(values: ArrayLike<number>): number {
  if (values.length === 0) return 0;
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * The noise level of a signal that is mostly noise around zero: σ = median |y| / 0.6745, which for Gaussian noise is
 * its standard deviation and which rare spikes hardly move. 0 of no values.
 *
 * @see Donoho & Johnstone, Ideal spatial adaptation by wavelet shrinkage, Biometrika 81 (1994), section 4.1; Quian Quiroga,
 *   Nadasdy & Ben-Shaul, Unsupervised spike detection and sorting, Neural Computation 16 (2004)
 * @example robustDeviation([-0.6745, 100, 0.6745]) // 1
 */
export function robustDeviation(values: ArrayLike<number>): number {
  return median(Float64Array.from(values, Math.abs)) / 0.6745;
}

/** The middle value; of an even number of values, the mean of the middle two. 0 of none. */
export function median(values: ArrayLike<number>): number {
  if (values.length === 0) return 0;
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * The noise level of a signal that is mostly noise around zero: σ = median |y| / 0.6745, which for Gaussian noise is
 * its standard deviation and which rare spikes hardly move (Donoho & Johnstone 1994; Quian Quiroga et al. 2004).
 */
export function robustDeviation(values: ArrayLike<number>): number {
  return median(Float64Array.from(values, Math.abs)) / 0.6745;
}

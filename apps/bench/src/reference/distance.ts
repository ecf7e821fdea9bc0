/** ‖a − b‖ / ‖b‖ in float64; 1 where b is zero and a is not. */
export function relativeDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0;
  let norm = 0;
  for (let index = 0; index < b.length; index++) {
    difference += (a[index]! - b[index]!) ** 2;
    norm += b[index]! ** 2;
  }
  if (norm === 0) return difference === 0 ? 0 : 1;
  return Math.sqrt(difference / norm);
}

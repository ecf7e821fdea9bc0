/** Whole numbers of 0 … full as numbers of 0 … 1. (A loop: a photograph has tens of millions, and iterators take seconds.) */
export function fractionsOf(values: ArrayLike<number>, full: number): Float32Array {
  const fractions = new Float32Array(values.length);
  for (let index = 0; index < values.length; index++) fractions[index] = values[index]! / full;
  return fractions;
}

/** Numbers of 0 … 1 as whole numbers of 0 … full: rounded, and clipped where they lie outside. */
export function wholeNumbers(target: Uint8Array | Uint16Array, values: Float32Array, full: number): void {
  for (let index = 0; index < values.length; index++) {
    target[index] = Math.round(Math.min(1, Math.max(0, values[index]!)) * full);
  }
}

import type { Dictionary } from '@unrolled/metrics';

/** A¹ A² … of dictionaries `[rows, columns]`, each with as many rows as the one before has columns. */
export function productOf(factors: readonly Dictionary[]): Dictionary {
  return factors.reduce((left, right) => {
    const [rows, inner] = left.shape as [number, number];
    const columns = right.shape[1]!;
    const data = new Float32Array(rows * columns);
    for (let row = 0; row < rows; row++)
      for (let k = 0; k < inner; k++) {
        const value = left.data[row * inner + k]!;
        if (value === 0) continue;
        for (let column = 0; column < columns; column++)
          data[row * columns + column]! += value * right.data[k * columns + column]!;
      }
    return { data, shape: [rows, columns] };
  });
}

/** Of every row, how many entries are larger than a threshold in magnitude. */
export function entriesOf({ data, shape }: Dictionary, threshold: number): number[] {
  const [rows, columns] = shape as [number, number];
  return Array.from({ length: rows }, (_, row) => {
    let count = 0;
    for (let column = 0; column < columns; column++)
      if (Math.abs(data[row * columns + column]!) > threshold) count++;
    return count;
  });
}

/** The greatest difference of two lists, as a share of the greatest magnitude; 0 where they are the same to the last bit. */
export function difference(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  let [most, off] = [0, 0];
  for (let index = 0; index < theirs.length; index++) {
    most = Math.max(most, Math.abs(theirs[index]!));
    off = Math.max(off, Math.abs(ours[index]! - theirs[index]!));
  }
  return off === 0 ? 0 : off / most;
}

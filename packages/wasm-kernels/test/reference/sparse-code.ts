import type { CodeSpaceTables } from '../../src/kernels/sparse-code/tables.ts';

/** Sizes and numbers of a convolutional lasso; filters `[length, channels, atoms]`. */
export type Lasso = Omit<CodeSpaceTables, 'reach' | 'gram'>;

/** `[atoms, 2 R + 1, atoms]` by the definition: two atoms that are ℓ positions apart, sample by sample. */
export function withGram(lasso: Lasso): CodeSpaceTables {
  const { length, channels, atoms, stride, filters } = lasso;
  const reach = Math.ceil(length / stride) - 1;
  const gram: number[] = [];
  for (let c = 0; c < atoms; c++) {
    for (let lag = -reach; lag <= reach; lag++) {
      for (let d = 0; d < atoms; d++) {
        let sum = 0;
        for (let sample = 0; sample < length; sample++) {
          const other = sample - lag * stride;
          if (other < 0 || other >= length) continue;
          for (let channel = 0; channel < channels; channel++)
            sum +=
              filters[(sample * channels + channel) * atoms + c]! *
              filters[(other * channels + channel) * atoms + d]!;
        }
        gram.push(sum);
      }
    }
  }
  return { ...lasso, reach, gram };
}

/** Aᵀ (y − A x) where x has entries at positions from −R on, `[R + positions + R, atoms]`, and y ends with the stretch. */
export function pullOf(lasso: CodeSpaceTables, y: ArrayLike<number>, x: ArrayLike<number>): Float64Array {
  const { length, channels, atoms, stride, reach, filters } = lasso;
  const rows = length * channels;
  const residual = Float64Array.from(y);
  const pitch = stride * channels;
  for (let entry = 0; entry < x.length; entry++) {
    if (x[entry] === 0) continue;
    const start = (Math.floor(entry / atoms) - reach) * pitch;
    for (let row = 0; row < rows; row++) {
      if (start + row < 0 || start + row >= residual.length) continue;
      residual[start + row]! -= x[entry]! * filters[row * atoms + (entry % atoms)]!;
    }
  }
  const positions = x.length / atoms - 2 * reach;
  return Float64Array.from({ length: positions * atoms }, (_, entry) => {
    const start = Math.floor(entry / atoms) * pitch;
    let sum = 0;
    for (let row = 0; row < rows; row++)
      sum += residual[start + row]! * filters[row * atoms + (entry % atoms)]!;
    return sum;
  });
}

/** Entry by entry, how far x is from the Karush–Kuhn–Tucker conditions, in parts of the weight. */
export function violationsOf(
  { atoms, above, below }: CodeSpaceTables,
  pull: ArrayLike<number>,
  x: ArrayLike<number>,
): Float64Array {
  return Float64Array.from(pull, (c, entry) => {
    const [up, down] = [above[entry % atoms]!, below[entry % atoms]!];
    if (x[entry]! > 0) return Math.abs(c - up) / up;
    if (x[entry]! < 0) return Math.abs(c + down) / down;
    return Math.max(0, c / up - 1, -c / down - 1);
  });
}

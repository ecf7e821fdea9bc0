// All that convolutions compute is a partial derivative of one trilinear form,
//
//     T(y, h, x) = Σ_{b, p, q, k, l, i, c} y[b, p·s + k, q·s + l, i] · h[k, l, i, c] · x[b, p, q, c],
//
// analysis is ∂T/∂x, synthesis ∂T/∂y and the filter gradient ∂T/∂h. Loops by the definition, in float64. One dimension is an
// image of height 1.

/** Sizes of a convolution: [height, width] of signal, filter and stride. */
export interface Sizes {
  readonly batch: number;
  readonly signal: readonly [number, number];
  readonly filter: readonly [number, number];
  readonly channels: number;
  readonly atoms: number;
  readonly strides: readonly [number, number];
}

type Values = ArrayLike<number>;

/** [height, width] of the code: how many times a filter fits into a signal. */
export const positionsOf = ({ signal, filter, strides }: Sizes): readonly [number, number] => [
  Math.floor((signal[0] - filter[0]) / strides[0]) + 1,
  Math.floor((signal[1] - filter[1]) / strides[1]) + 1,
];

/** Calls `visit` with the index into y, h and x of every term of the sum. */
function everyTerm(sizes: Sizes, visit: (y: number, h: number, x: number) => void): void {
  const { batch, signal, filter, channels, atoms, strides } = sizes;
  const [rows, columns] = positionsOf(sizes);
  for (let b = 0; b < batch; b++)
    for (let p = 0; p < rows; p++)
      for (let q = 0; q < columns; q++)
        for (let k = 0; k < filter[0]; k++)
          for (let l = 0; l < filter[1]; l++)
            for (let i = 0; i < channels; i++) {
              const y =
                ((b * signal[0] + p * strides[0] + k) * signal[1] + q * strides[1] + l) * channels + i;
              const h = ((k * filter[1] + l) * channels + i) * atoms;
              const x = ((b * rows + p) * columns + q) * atoms;
              for (let c = 0; c < atoms; c++) visit(y, h + c, x + c);
            }
}

/** ∂T/∂x: the analysis of y. */
export function analysis(y: Values, h: Values, sizes: Sizes): Float64Array {
  const [rows, columns] = positionsOf(sizes);
  const result = new Float64Array(sizes.batch * rows * columns * sizes.atoms);
  everyTerm(sizes, (iy, ih, ix) => {
    result[ix]! += y[iy]! * h[ih]!;
  });
  return result;
}

/** ∂T/∂y: the synthesis of x, with zeros behind it up to the size of the signal. */
export function synthesis(x: Values, h: Values, sizes: Sizes): Float64Array {
  const { batch, signal, channels } = sizes;
  const result = new Float64Array(batch * signal[0] * signal[1] * channels);
  everyTerm(sizes, (iy, ih, ix) => {
    result[iy]! += x[ix]! * h[ih]!;
  });
  return result;
}

/** ∂T/∂h: the filter gradient. */
export function filterGradient(y: Values, x: Values, sizes: Sizes): Float64Array {
  const { filter, channels, atoms } = sizes;
  const result = new Float64Array(filter[0] * filter[1] * channels * atoms);
  everyTerm(sizes, (iy, ih, ix) => {
    result[ih]! += y[iy]! * x[ix]!;
  });
  return result;
}

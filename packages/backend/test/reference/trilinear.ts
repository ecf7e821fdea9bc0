// All that the convolutions compute is a partial derivative of one trilinear form,
//
//     T(y, h, x) = Σ_{b, m, k, i, c} y[b, m·stride + k, i] · h[k, i, c] · x[b, m, c],
//
// analysis is ∂T/∂x, synthesis ∂T/∂y and the filter gradient ∂T/∂h. Loops by the definition, in float64.

export interface Sizes {
  readonly batch: number;
  readonly time: number;
  readonly length: number;
  readonly channels: number;
  readonly atoms: number;
  readonly stride: number;
}

type Values = ArrayLike<number>;

export const positionsOf = ({ time, length, stride }: Sizes): number =>
  Math.floor((time - length) / stride) + 1;

/** Calls `visit` with the index into y, h and x of every term of the sum. */
function everyTerm(sizes: Sizes, visit: (y: number, h: number, x: number) => void): void {
  const { batch, time, length, channels, atoms, stride } = sizes;
  const positions = positionsOf(sizes);
  for (let b = 0; b < batch; b++)
    for (let m = 0; m < positions; m++)
      for (let k = 0; k < length; k++)
        for (let i = 0; i < channels; i++)
          for (let c = 0; c < atoms; c++)
            visit(
              (b * time + m * stride + k) * channels + i,
              (k * channels + i) * atoms + c,
              (b * positions + m) * atoms + c,
            );
}

/** ∂T/∂x: the analysis of y. */
export function analysis(y: Values, h: Values, sizes: Sizes): Float64Array {
  const result = new Float64Array(sizes.batch * positionsOf(sizes) * sizes.atoms);
  everyTerm(sizes, (iy, ih, ix) => {
    result[ix]! += y[iy]! * h[ih]!;
  });
  return result;
}

/** ∂T/∂y: the synthesis of x, with zeros behind it up to `time`. */
export function synthesis(x: Values, h: Values, sizes: Sizes): Float64Array {
  const result = new Float64Array(sizes.batch * sizes.time * sizes.channels);
  everyTerm(sizes, (iy, ih, ix) => {
    result[iy]! += x[ix]! * h[ih]!;
  });
  return result;
}

/** ∂T/∂h: the filter gradient. */
export function filterGradient(y: Values, x: Values, sizes: Sizes): Float64Array {
  const result = new Float64Array(sizes.length * sizes.channels * sizes.atoms);
  everyTerm(sizes, (iy, ih, ix) => {
    result[ih]! += y[iy]! * x[ix]!;
  });
  return result;
}

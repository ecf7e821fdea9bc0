/** One grey image in float64. */
export interface Picture {
  readonly data: ArrayLike<number>;
  readonly height: number;
  readonly width: number;
}

/** Three banks of filters `[size, size, 1, atoms]`, the last axis fastest. */
export interface Banks {
  readonly residual: ArrayLike<number>;
  readonly analysis: ArrayLike<number>;
  readonly decoder: ArrayLike<number>;
}

/**
 * The released network of photon images as their code has it, written out: no step but the filters' size, no momentum,
 *
 *     x ← relu( x + W_eᵀ ELU(y − exp(H x + a)) − b ),   ELU(z) = z for z > 0, peak (e^z − 1) elsewhere
 *
 * and W_d x at the end.
 */
export function releasedNetwork(
  picture: Picture,
  banks: Banks,
  options: {
    readonly size: number;
    readonly atoms: number;
    readonly stride: number;
    readonly bias: ArrayLike<number>;
    readonly baseline: number;
    readonly peak: number;
    readonly layers: number;
  },
): { readonly code: Float64Array; readonly eta: Float64Array } {
  const { size, atoms, stride, bias, baseline, peak, layers } = options;
  const { data, height, width } = picture;
  const [rows, columns] = [height, width].map((pixels) => (pixels - size) / stride + 1) as [number, number];
  const code = new Float64Array(rows * columns * atoms);
  const visit = (see: (entry: number, pixel: number, tap: number) => void): void => {
    for (let entry = 0; entry < code.length; entry++) {
      const atom = entry % atoms;
      const position = Math.floor(entry / atoms);
      const top = Math.floor(position / columns) * stride;
      const left = (position % columns) * stride;
      for (let k = 0; k < size; k++)
        for (let l = 0; l < size; l++)
          see(entry, (top + k) * width + left + l, (k * size + l) * atoms + atom);
    }
  };
  const synthesis = (filters: ArrayLike<number>): Float64Array => {
    const eta = new Float64Array(height * width);
    visit((entry, pixel, tap) => {
      eta[pixel]! += code[entry]! * filters[tap]!;
    });
    return eta;
  };
  for (let layer = 0; layer < layers; layer++) {
    const residual = synthesis(banks.residual).map((eta, pixel) => {
      const exact = data[pixel]! - Math.exp(eta + baseline);
      return exact > 0 ? exact : peak * (Math.exp(exact) - 1);
    });
    visit((entry, pixel, tap) => {
      code[entry]! += banks.analysis[tap]! * residual[pixel]!;
    });
    code.forEach((value, entry) => {
      code[entry] = Math.max(0, value - bias[entry % atoms]!);
    });
  }
  return { code, eta: synthesis(banks.decoder) };
}

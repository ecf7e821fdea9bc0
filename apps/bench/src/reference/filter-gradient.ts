import type { NdArray } from '@unrolled/formats';

/**
 * The correlation of signals with codes at every lag, in float64:
 *
 *     g[k, l, c] = Σ_{b, p, q} y[b, p + k, q + l] · x[b, p, q, c]
 *
 * @param signals `[batch, time, 1]` or `[batch, height, width, 1]`
 * @param codes `[batch, positions, atoms]` or `[batch, rows, columns, atoms]`
 */
export function filterGradientOf(signals: NdArray<'float32'>, codes: NdArray<'float32'>): Float64Array {
  const plane = ({ shape }: NdArray): readonly number[] =>
    shape.length === 3 ? [shape[0]!, 1, shape[1]!, shape[2]!] : shape;
  const [batch, height, width] = plane(signals) as [number, number, number];
  const [, rows, columns, atoms] = plane(codes) as [number, number, number, number];
  const [down, right] = [height - rows + 1, width - columns + 1];
  const gradient = new Float64Array(down * right * atoms);
  for (let image = 0; image < batch; image++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const code = ((image * rows + row) * columns + column) * atoms;
        for (let k = 0; k < down; k++)
          for (let l = 0; l < right; l++) {
            const value = signals.data[(image * height + row + k) * width + column + l]!;
            const to = (k * right + l) * atoms;
            for (let atom = 0; atom < atoms; atom++) gradient[to + atom]! += value * codes.data[code + atom]!;
          }
      }
  return gradient;
}

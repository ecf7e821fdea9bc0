import type { NdArray } from '@unrolled/formats';

/** A problem ½‖y − H x‖² + w ‖x‖₁ of a batch of images of one channel, on the host. */
export interface ImageProblem {
  /** `[batch, height, width, 1]` */
  readonly images: NdArray<'float32'>;
  /** `[height, width, 1, atoms]` */
  readonly filters: NdArray<'float32'>;
  readonly weight: number;
}

/** The objective of codes `[batch, rows, columns, atoms]`, summed over the batch, in float64. */
export function imageObjective({ images, filters, weight }: ImageProblem, codes: ArrayLike<number>): number {
  const [batch, height, width] = images.shape as readonly [number, number, number];
  const [down, right, , atoms] = filters.shape as readonly [number, number, number, number];
  const [rows, columns] = [height - down + 1, width - right + 1];
  const residual = Float64Array.from(images.data);
  let sum = 0;
  for (let index = 0; index < batch * rows * columns * atoms; index++) {
    const value = codes[index]!;
    if (value === 0) continue;
    sum += Math.abs(value);
    const atom = index % atoms;
    const place = Math.floor(index / atoms);
    const column = place % columns;
    const row = Math.floor(place / columns) % rows;
    const first = (Math.floor(place / (columns * rows)) * height + row) * width + column;
    for (let k = 0; k < down; k++)
      for (let l = 0; l < right; l++)
        residual[first + k * width + l]! -= value * filters.data[(k * right + l) * atoms + atom]!;
  }
  return 0.5 * residual.reduce((squares, value) => squares + value * value, 0) + weight * sum;
}

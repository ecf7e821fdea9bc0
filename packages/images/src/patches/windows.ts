import type { Size } from '../image.ts';

/** How much each pixel of a patch counts where patches overlap: all the same, or less towards the edges of the patch. */
export type Window = 'flat' | 'hann';

/** `[height, width]`, every weight > 0: a pixel that lies in one patch alone keeps its value. */
export function windowWeights(window: Window, { height, width }: Size): Float64Array {
  const along = (length: number): Float64Array =>
    Float64Array.from({ length }, (_, index) =>
      window === 'flat' ? 1 : Math.sin((Math.PI * (index + 0.5)) / length) ** 2,
    );
  const [rows, columns] = [along(height), along(width)];
  return Float64Array.from(
    { length: height * width },
    (_, pixel) => rows[Math.floor(pixel / width)]! * columns[pixel % width]!,
  );
}

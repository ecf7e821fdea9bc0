import type { Image } from '@unrolled/images';

/** The value in the middle: about the level of what most of a picture is. */
export function medianOf(values: Float32Array): number {
  return values.slice().sort()[Math.floor(values.length / 2)]!;
}

/** Where all other components are below this part of their largest value, they are not there. */
const faint = 0.25;

/**
 * The mean of a picture where nothing but its last component is: its level, which strokes that cover a fifth of it do not raise as they do
 * the median.
 *
 * @param others the other components, roughly
 */
export function levelBehind(picture: Image, others: readonly Image[], fallback: number): number {
  const limits = others.map(({ data }) => faint * data.reduce((most, value) => Math.max(most, value), 0));
  let [sum, count] = [0, 0];
  picture.data.forEach((value, pixel) => {
    if (others.some(({ data }, index) => data[pixel]! > limits[index]!)) return;
    sum += value;
    count++;
  });
  return count > 0 ? sum / count : fallback;
}

import { requireKnownOptions, requireOneOf } from '@unrolled/contracts';
import { type Image, image, requireImage, requireSize, type Size } from '../image.ts';
import { type AxisWeights, areaWeights, bilinearWeights } from './axis-weights.ts';

/**
 * How a picture is resized. `'area'` gives every new pixel the mean of what it covers: right for making pictures smaller, blocks
 * when they become larger. `'bilinear'` reads the picture between its pixels: right for making it larger; of a much smaller
 * one it leaves out what lies between (aliasing).
 */
export type ResizeMethod = 'area' | 'bilinear';

/**
 * The picture at another size. Pixels are squares, their values those at their centres.
 *
 * @param size.method default: `'area'` on an axis that becomes shorter, `'bilinear'` on one that becomes longer
 * @example resize(photograph, { height: 224, width: 224, method: 'bilinear' })
 */
export function resize(picture: Image, size: Size & { readonly method?: ResizeMethod }): Image {
  requireKnownOptions('size', size, ['height', 'width', 'method']);
  const source = requireImage('picture', picture);
  const { height, width } = requireSize('size', size);
  const { method } = size;
  if (method !== undefined) requireOneOf('size.method', method, ['area', 'bilinear']);
  const weightsOf = (from: number, to: number): AxisWeights =>
    (method ?? (to < from ? 'area' : 'bilinear')) === 'area'
      ? areaWeights(from, to)
      : bilinearWeights(from, to);
  const rows = weightsOf(source.height, height);
  const columns = weightsOf(source.width, width);
  return resizeRows(resizeColumns(source, columns), rows);
}

function resizeColumns({ data, height, width, channels }: Image, weights: AxisWeights): Image {
  const target = new Float32Array(height * weights.length * channels);
  for (let row = 0; row < height; row++) {
    weights.forEach(({ first, parts }, column) => {
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let index = 0; index < parts.length; index++) {
          sum += parts[index]! * data[(row * width + first + index) * channels + channel]!;
        }
        target[(row * weights.length + column) * channels + channel] = sum;
      }
    });
  }
  return image(target, { height, width: weights.length, channels });
}

function resizeRows({ data, width, channels }: Image, weights: AxisWeights): Image {
  const line = width * channels;
  const target = new Float32Array(weights.length * line);
  weights.forEach(({ first, parts }, row) => {
    for (let at = 0; at < line; at++) {
      let sum = 0;
      for (let index = 0; index < parts.length; index++) {
        sum += parts[index]! * data[(first + index) * line + at]!;
      }
      target[row * line + at] = sum;
    }
  });
  return image(target, { height: weights.length, width, channels });
}

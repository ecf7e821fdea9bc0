import { random } from '@unrolled/contracts';
import { type Image, image } from '../../src/index.ts';

/**
 * An unrolled ISTA from zero with two random atoms of K × K pixels on a grid of stride s, averaged over all shifts or not, by loops
 * in float64. A copy of n pixels is shifted by j: s − j pixels of reflection in front, s + e + j behind, with the smallest e ≥ 0
 * that makes whole places. One channel.
 */
export interface StridedNetwork {
  readonly layers: number;
  readonly atom: number;
  readonly stride: number;
  readonly shifts: 'all' | 'none';
  /** What the ReLU takes off; without it the network is linear. */
  readonly bias?: number;
}

export function stridedNetwork(network: StridedNetwork, picture: Image): Image {
  const { stride, shifts } = network;
  const { height, width } = picture;
  const sum = new Float64Array(picture.data.length);
  const count = shifts === 'all' ? stride : 1;
  for (let down = 0; down < count; down++)
    for (let right = 0; right < count; right++) addShift(sum, network, picture, down, right, 1 / count ** 2);
  return image(Float32Array.from(sum), { height, width });
}

const atoms = 2;

function addShift(
  sum: Float64Array,
  { layers, atom, stride, bias }: StridedNetwork,
  { data, height, width }: Image,
  down: number,
  right: number,
  weight: number,
): void {
  const [paddedHeight, paddedWidth] = [height, width].map(
    (size) => size + 2 * stride + ((stride - ((size + stride - atom) % stride)) % stride),
  ) as [number, number];
  const [top, left] = [stride - down, stride - right];
  const y = Float64Array.from({ length: paddedHeight * paddedWidth }, (_, at) => {
    const row = reflected(Math.floor(at / paddedWidth) - top, height);
    return data[row * width + reflected((at % paddedWidth) - left, width)]!;
  });
  const generator = random(7);
  const filters = Float64Array.from({ length: atoms * atom * atom }, () => generator.normal(0, 1 / atom));
  const [rows, columns] = [paddedHeight, paddedWidth].map((size) => (size - atom) / stride + 1) as [
    number,
    number,
  ];

  /** Every pair of a code entry and a pixel under its atom. */
  const visit = (pair: (code: number, pixel: number, value: number) => void): void => {
    for (let code = 0; code < rows * columns * atoms; code++) {
      const place = Math.floor(code / atoms);
      const corner = stride * (Math.floor(place / columns) * paddedWidth + (place % columns));
      for (let at = 0; at < atom * atom; at++) {
        const pixel = corner + Math.floor(at / atom) * paddedWidth + (at % atom);
        pair(code, pixel, filters[(code % atoms) * atom * atom + at]!);
      }
    }
  };
  const synthesis = (x: Float64Array): Float64Array => {
    const signal = new Float64Array(y.length);
    visit((code, pixel, value) => {
      signal[pixel]! += value * x[code]!;
    });
    return signal;
  };

  let x = new Float64Array(rows * columns * atoms);
  for (let layer = 0; layer < layers; layer++) {
    const estimate = synthesis(x);
    const next = x.slice();
    visit((code, pixel, value) => {
      next[code]! += 0.1 * value * (y[pixel]! - estimate[pixel]!);
    });
    x = bias === undefined ? next : next.map((value) => Math.max(0, value - bias));
  }
  const estimate = synthesis(x);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      sum[row * width + column]! += weight * estimate[(top + row) * paddedWidth + left + column]!;
}

/** Edges are not repeated: … 2 1 | 0 1 2 …. */
function reflected(place: number, size: number): number {
  const period = Math.max(1, 2 * (size - 1));
  const at = ((place % period) + period) % period;
  return at < size ? at : period - at;
}

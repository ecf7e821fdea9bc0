import { random } from '@unrolled/contracts';
import { encodeSafetensors, type NdArray, ndArray } from '@unrolled/formats';
import { type Image, image } from '@unrolled/images';
import type { Bank } from './reference/released-networks.ts';

/** Random filters `[size, size, 1, atoms]` of this norm, as an array and as a bank. */
export function filters(size: number, atoms: number, norm: number, seed: number) {
  const draw = random(seed);
  const bank: Bank = Array.from({ length: atoms }, () => {
    const values = Array.from({ length: size * size }, () => draw.normal());
    const length = Math.hypot(...values);
    return Array.from({ length: size }, (_, row) =>
      Array.from({ length: size }, (_, column) =>
        Math.fround((norm * values[row * size + column]!) / length),
      ),
    );
  });
  const data = Float32Array.from(
    { length: size * size * atoms },
    (_, index) => bank[index % atoms]![Math.floor(index / atoms / size)]![Math.floor(index / atoms) % size]!,
  );
  return { bank, array: ndArray(data, [size, size, 1, atoms]) };
}

/** A file of these tensors, with a description that these fields change; undefined leaves one out. */
export function modelFile(
  tensors: { readonly [name: string]: NdArray },
  fields: { readonly [name: string]: string | undefined } = {},
): Uint8Array {
  const description = {
    model: 'dcea',
    layers: '3',
    stride: '2',
    likelihood: 'gaussian',
    prior: 'l1',
    momentum: 'none',
    shiftAverage: 'true',
    deviation: '0.1',
    ...fields,
  };
  const given = Object.entries(description).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return encodeSafetensors(tensors, Object.fromEntries(given));
}

/** A picture of slow and fast waves, 0 … 1. */
export function waves(height: number, width: number, channels = 1): Image {
  const data = Float32Array.from({ length: height * width * channels }, (_, index) => {
    const [pixel, channel] = [Math.floor(index / channels), index % channels];
    const [row, column] = [Math.floor(pixel / width), pixel % width];
    return 0.5 + 0.25 * Math.sin(row / (3 + channel)) + 0.25 * Math.cos((row + 2 * column) / 9);
  });
  return image(data, { height, width, channels });
}

/** The largest difference between two pictures. */
export const distance = (one: Image, other: Image): number =>
  one.data.reduce((most, value, index) => Math.max(most, Math.abs(value - other.data[index]!)), 0);

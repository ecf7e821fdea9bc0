import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';
import { type NdArray, ndArray } from '@unrolled/formats';

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, axis) => product * axis, 1);

/** Normal numbers of a seed. */
export function normalArray(shape: readonly number[], seed: number, deviation = 1): NdArray<'float32'> {
  const draw = random(seed);
  return ndArray(
    Float32Array.from({ length: sizeOf(shape) }, () => draw.normal(0, deviation)),
    [...shape],
  );
}

/** Numbers of a seed of which one in `1 / density` is not zero, and normal. */
export function sparseArray(shape: readonly number[], seed: number, density: number): NdArray<'float32'> {
  const draw = random(seed);
  const data = Float32Array.from({ length: sizeOf(shape) }, () =>
    draw.uniform() < density ? draw.normal() : 0,
  );
  return ndArray(data, [...shape]);
}

/** The same with atoms, the last axis, of norm 1. */
export function unitAtoms({ data, shape }: NdArray<'float32'>): NdArray<'float32'> {
  const atoms = shape.at(-1)!;
  const squares = new Float64Array(atoms);
  data.forEach((value, index) => {
    squares[index % atoms]! += value * value;
  });
  return ndArray(
    data.map((value, index) => value / Math.sqrt(squares[index % atoms]!)),
    [...shape],
  );
}

/** The sum, entry by entry. */
export function plus(a: NdArray<'float32'>, b: NdArray<'float32'>): NdArray<'float32'> {
  return ndArray(
    a.data.map((value, index) => value + b.data[index]!),
    [...a.shape],
  );
}

/** On the device; the caller disposes of it. */
export const toTensor = ({ data, shape }: NdArray<'float32'>): Tensor => tf.tensor(data, [...shape]);

/** From the device; the tensor stays. */
export async function toArray(tensor: Tensor): Promise<NdArray<'float32'>> {
  return ndArray(Float32Array.from(await tensor.data()), tensor.shape);
}

/** The first examples of a batch. */
export function firstExamples({ data, shape }: NdArray<'float32'>, count: number): NdArray<'float32'> {
  const [, ...inner] = shape;
  return ndArray(data.slice(0, count * sizeOf(inner)), [count, ...inner]);
}

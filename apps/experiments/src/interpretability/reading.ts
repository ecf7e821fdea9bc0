import * as tf from '@tensorflow/tfjs-core';
import { type Pudle, type Representer, representer } from '@unrolled/pudle';
import type { HostExamples } from '@unrolled/unroll';
import type { Digits } from './digits.ts';
import { type Learned, networkOf } from './learn.ts';
import type { Plan } from './plan.ts';

/** A learned dictionary, ready to be asked what it is made of. */
export interface Reading {
  readonly digits: Digits;
  readonly network: Pudle;
  readonly made: Representer;
  /** `[pixels, atoms]`. */
  readonly atoms: readonly number[];
  /** Of the training digits, `[examples, atoms]`. */
  readonly codes: HostExamples;
  /** Of the test digits, by the network. */
  readonly testCodes: HostExamples;
  /** D z of the test digits, by the network. */
  readonly reconstructions: HostExamples;
  dispose(): void;
}

/** Encodes the test digits with a learned dictionary. */
export async function read(learned: Learned, digits: Digits, { learning }: Plan): Promise<Reading> {
  const { pictures } = digits.train;
  const count = pictures.shape[0]!;
  const codes = { data: Float32Array.from(learned.codes), shape: [count, learning.atoms] };
  const atoms = tf.tensor2d(Float32Array.from(learned.atoms), [pictures.shape[1]!, learning.atoms]);
  const network = await networkOf(atoms, learning);
  const x = tf.tensor(digits.test.pictures.data, [...digits.test.pictures.shape]);
  const z = network.encode(x);
  const decoded = network.decode(z);
  const testCodes = { data: (await z.data()) as Float32Array, shape: z.shape };
  const reconstructions = { data: (await decoded.data()) as Float32Array, shape: decoded.shape };
  tf.dispose([atoms, x, z, decoded]);
  return {
    digits,
    network,
    made: representer(codes, pictures, { ridge: learning.ridge * count }),
    atoms: learned.atoms,
    codes,
    testCodes,
    reconstructions,
    dispose: () => network.dispose(),
  };
}

/** Row `index` of examples `[examples, …]`. */
export const rowOf = ({ data, shape }: HostExamples, index: number): ArrayLike<number> => {
  const length = shape[1]!;
  return Array.from({ length }, (_, at) => data[index * length + at]!);
};

/** Column `index` of a dictionary `[pixels, atoms]`. */
export const columnOf = (values: ArrayLike<number>, atoms: number, index: number): number[] =>
  Array.from({ length: values.length / atoms }, (_, row) => values[row * atoms + index]!);

import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { analysis1d, filterGradient1d, synthesis1d } from '../src/kernels/convolution1d.ts';
import { useBackend } from './support/backends.ts';
import { normalInput, sparseInput } from './support/kernel-trial.ts';

// What holds to the bit, and what is refused; kernels.test.ts compares with float64.

beforeAll(async () => {
  await useBackend('wasm');
});

const tensorOf = ({ shape, values }: { shape: readonly number[]; values: Float32Array }): Tensor =>
  tf.tensor(values, [...shape]);

describe.each([
  [97, 18, 1, 3, 1],
  [531, 11, 4, 5, 3],
  [64, 9, 2, 8, 2],
  [30, 9, 1, 1, 1],
] as const)('signals of %i samples, filters of %i, %i channels, %i atoms, stride %i', (...sizes) => {
  const [time, length, channels, atoms, stride] = sizes;
  const generator = random(1);
  const positions = Math.floor((time - length) / stride) + 1;

  it('an example has the same bits alone and in any batch', () => {
    const y = tensorOf(normalInput(generator, [9, time, channels]));
    const filters = tensorOf(normalInput(generator, [length, channels, atoms]));
    // Dense and sparse examples side by side: each goes its own way.
    const codes = [...Array(9).keys()].map((example) =>
      tensorOf(sparseInput(generator, [1, positions, atoms], example % 2 === 0 ? 1 : 0.05)),
    );
    const x = tf.concat(codes);
    const [code, signal] = [analysis1d(y, filters, stride)!, synthesis1d(x, filters, stride)!];
    for (const example of [0, 1, 8]) {
      const one = tf.slice(y, [example, 0, 0], [1, time, channels]);
      const codeAlone = analysis1d(one, filters, stride)!;
      const signalAlone = synthesis1d(codes[example]!, filters, stride)!;
      expect(codeAlone.dataSync()).toEqual(
        code.dataSync().slice(example * codeAlone.size, (example + 1) * codeAlone.size),
      );
      expect(signalAlone.dataSync()).toEqual(
        signal.dataSync().slice(example * signalAlone.size, (example + 1) * signalAlone.size),
      );
      tf.dispose([one, codeAlone, signalAlone]);
    }
    tf.dispose([y, filters, x, code, signal, ...codes]);
  });

  it('a sparse code gives the bits of a dense one', () => {
    // Entries of 1e-30 count as entries, and change no sum of order 1.
    const sparse = sparseInput(generator, [1, positions, atoms], 0.03);
    const filters = tensorOf(normalInput(generator, [length, channels, atoms]));
    const dense = { ...sparse, values: sparse.values.map((value) => value || 1e-30) };
    const [few, many] = [tensorOf(sparse), tensorOf(dense)];
    const [fast, slow] = [synthesis1d(few, filters, stride)!, synthesis1d(many, filters, stride)!];
    const [values, expected] = [fast.dataSync(), slow.dataSync()];
    expect(values.map((value, index) => (Math.abs(value) < 1e-6 ? expected[index]! : value))).toEqual(
      expected,
    );
    tf.dispose([few, many, filters, fast, slow]);
  });
});

it('sums a long filter gradient without a bias, dense or sparse', () => {
  // All ones make every lag the number of entries, exactly.
  const [positions, length] = [60_000, 20];
  const y = tf.ones([1, positions + length - 1, 1]);
  const every = (step: number): Tensor =>
    tf.tensor(
      Float32Array.from({ length: positions }, (_, index) => (index % step === 0 ? 1 : 0)),
      [1, positions, 1],
    );
  for (const step of [1, 3]) {
    const x = every(step);
    const gradient = filterGradient1d(y, x, 1, length)!;
    expect([...gradient.dataSync()]).toEqual(Array(length).fill(positions / step));
    tf.dispose([x, gradient]);
  }
  y.dispose();
});

it('refuses what would make a kernel write elsewhere', () => {
  const zeros = (...shape: number[]): Tensor => tf.zeros(shape);
  tf.tidy(() => {
    expect(() => analysis1d(zeros(2, 9, 2), zeros(3, 1, 4), 1)).toThrow('filters: expected 2 channels');
    expect(() => analysis1d(zeros(2, 2, 1), zeros(3, 1, 4), 1)).toThrow('at least the 3 samples');
    expect(() => analysis1d(zeros(9, 2), zeros(3, 2, 4), 1)).toThrow('y: expected a float32 tensor');
    expect(() => analysis1d(zeros(2, 9, 0), zeros(3, 0, 4), 1)).toThrow('none of them 0');
    expect(() => analysis1d(tf.zeros([1, 9, 1], 'int32'), zeros(3, 1, 4), 1)).toThrow('int32');
    expect(() => synthesis1d(zeros(2, 9, 3), zeros(3, 1, 4), 1)).toThrow('filters: expected 3 atoms');
    for (const stride of [0, 1.5, -1, Number.NaN]) {
      expect(() => synthesis1d(zeros(2, 9, 4), zeros(3, 1, 4), stride)).toThrow('stride');
    }
    expect(() => filterGradient1d(zeros(2, 9, 1), zeros(3, 7, 1), 1, 3)).toThrow('the 2 examples of y');
    for (const length of [0, 4, 2.5]) {
      expect(() => filterGradient1d(zeros(2, 9, 1), zeros(2, 7, 1), 1, length)).toThrow('length');
    }
  });
});

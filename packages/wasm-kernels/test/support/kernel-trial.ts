import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Random, random } from '@unrolled/contracts';
import fc from 'fast-check';
import { expect } from 'vitest';
import { heapView } from '../../src/memory/heap.ts';
import { setGuardZones } from './guard-zones.ts';

/** A kernel, the sizes that it is tried at, and what it has to give. */
export interface TrialDefinition<S> {
  readonly name: string;
  /** Small ones, odd ones, with tails of every length. */
  readonly sizes: fc.Arbitrary<S>;
  /** The values that go in, with their shapes. */
  inputs(sizes: S, random: Random): readonly TrialInput[];
  /** The kernel: a fresh tensor. */
  run(inputs: readonly Tensor[], sizes: S): Tensor;
  /** By the definition, in float64. */
  reference(inputs: readonly Float32Array[], sizes: S): ArrayLike<number>;
  /** Largest error allowed. Default 1e-5; see {@link expectWithin}. */
  readonly tolerance?: number;
}

/** A kernel that can be tried, whatever its sizes are. */
export interface KernelTrial {
  readonly name: string;
  /** At random sizes, with guard zones around every block of memory; shrinks to the smallest sizes that fail. */
  tryAtRandom(): void;
  /** So many calls, each at sizes of its own. */
  calls(count: number): readonly ((random: Random) => void)[];
}

export interface TrialInput {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Normal numbers of a shape. */
export function normalInput(random: Random, shape: readonly number[]): TrialInput {
  const size = tf.util.sizeFromShape([...shape]);
  return { shape, values: Float32Array.from({ length: size }, () => random.normal()) };
}

/** Normal numbers of which most are 0: `density` of them are not. */
export function sparseInput(random: Random, shape: readonly number[], density: number): TrialInput {
  const { values } = normalInput(random, shape);
  return { shape, values: values.map((value) => (random.uniform() < density ? value : 0)) };
}

/** Makes a trial of what is known of a kernel. */
export function kernelTrial<S>(definition: TrialDefinition<S>): KernelTrial {
  return {
    name: definition.name,
    tryAtRandom: () => tryAtRandom(definition),
    calls: (count) =>
      // The same sizes in every run.
      fc
        .sample(definition.sizes, { numRuns: count, seed: 2 })
        .map((sizes) => (generator) => tryKernel(definition, sizes, generator)),
  };
}

/** One call of a kernel on the wasm backend: against float64, what came in untouched, one tensor more than before. */
function tryKernel<S>(definition: TrialDefinition<S>, sizes: S, generator: Random): void {
  const inputs = definition.inputs(sizes, generator);
  const tensors = inputs.map(({ shape, values }) => tf.tensor(values, [...shape], 'float32'));
  const before = tf.memory().numTensors;
  const result = definition.run(tensors, sizes);
  expect(tf.memory().numTensors).toBe(before + 1);
  const expected = definition.reference(
    inputs.map(({ values }) => values),
    sizes,
  );
  expectWithin(
    heapView(result),
    expected,
    definition.tolerance,
    `${definition.name} ${JSON.stringify(sizes)}`,
  );
  inputs.forEach(({ values }, index) => {
    expectSameBits('an input', heapView(tensors[index]!), values);
  });
  tf.dispose([result, ...tensors]);
}

function tryAtRandom<S>(definition: TrialDefinition<S>): void {
  const guards = setGuardZones();
  const before = tf.memory().numTensors;
  try {
    fc.assert(
      fc.property(definition.sizes, fc.nat(), (sizes, seed) => {
        tf.engine().startScope();
        try {
          tryKernel(definition, sizes, random(seed));
          guards.check();
        } finally {
          tf.engine().endScope();
        }
      }),
      { numRuns: 150, seed: 1 },
    );
    expect(tf.memory().numTensors).toBe(before);
  } finally {
    guards.remove();
  }
}

/**
 * Values against float64, relative to the largest or to 1, the size of what came in: a small result is a difference.
 *
 * Sums of at most a thousand products of normal numbers round to some √1000 · 6e-8 of the largest value: 1e-5 is five times
 * that, and a thousandth of what one wrong term makes.
 */
export function expectWithin(
  values: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance = 1e-5,
  what = 'the largest error',
): void {
  expect(values.length).toBe(expected.length);
  let largest = 1;
  for (let index = 0; index < expected.length; index++) {
    largest = Math.max(largest, Math.abs(expected[index]!));
  }
  let worst = 0;
  for (let index = 0; index < expected.length; index++) {
    const error = Math.abs(values[index]! - expected[index]!) / largest;
    // A NaN is no small error.
    if (!(error <= worst)) worst = error;
  }
  expect(worst, what).toBeLessThan(tolerance);
}

/** That nobody wrote into a tensor. (A loop: for a hundred numbers `toEqual` takes a hundred times as long.) */
export function expectSameBits(what: string, values: ArrayLike<number>, expected: ArrayLike<number>): void {
  if (values.length !== expected.length)
    expect.fail(`${what} had ${expected.length} numbers, has ${values.length}`);
  for (let index = 0; index < expected.length; index++) {
    if (!Object.is(values[index], expected[index])) {
      expect.fail(`${what} was written: entry ${index} was ${expected[index]}, is ${values[index]}`);
    }
  }
}

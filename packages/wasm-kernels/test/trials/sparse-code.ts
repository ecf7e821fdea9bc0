import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '@unrolled/contracts';
import fc from 'fast-check';
import { expect } from 'vitest';
import { encodeStretch } from '../../src/kernels/sparse-code/encode-stretch.ts';
import { searchStretch } from '../../src/kernels/sparse-code/search-stretch.ts';
import type { CodeEntries } from '../../src/kernels/sparse-code/stretch.ts';
import { type CodeSpaceTables, heapTables } from '../../src/kernels/sparse-code/tables.ts';
import { heapView } from '../../src/memory/heap.ts';
import { pullOf, violationsOf, withGram } from '../reference/sparse-code.ts';
import { kernelTrial, normalInput, sparseInput } from '../support/kernel-trial.ts';

interface Sizes {
  readonly length: number;
  readonly channels: number;
  readonly atoms: number;
  readonly stride: number;
  readonly positions: number;
  readonly nonNegative: boolean;
  /** Of the standard deviation of Aᵀ y: how sparse the code is. */
  readonly weight: number;
  readonly iterations: number;
}

const sizesOf = (
  bank: { readonly [size in 'length' | 'channels' | 'atoms' | 'stride']: [number, number] },
  most: number,
) => {
  const between = ([min, max]: [number, number]) => fc.integer({ min, max });
  return fc.record({
    length: between(bank.length),
    channels: between(bank.channels),
    atoms: between(bank.atoms),
    stride: between(bank.stride),
    positions: between([1, most]),
    nonNegative: fc.boolean(),
    weight: fc.double({ min: 0.5, max: 3, noNaN: true }),
    iterations: between([1, 5]),
  });
};

/** Small ones, and those whose correlation is halved: once, or three times. */
const sizes: fc.Arbitrary<Sizes> = fc.oneof(
  { weight: 60, arbitrary: sizesOf({ length: [1, 9], channels: [1, 3], atoms: [1, 6], stride: [1, 3] }, 70) },
  {
    weight: 6,
    arbitrary: sizesOf({ length: [16, 19], channels: [4, 5], atoms: [8, 9], stride: [1, 1] }, 30),
  },
  {
    weight: 1,
    arbitrary: sizesOf({ length: [64, 66], channels: [16, 17], atoms: [16, 17], stride: [1, 1] }, 9),
  },
);

const reachOf = ({ length, stride }: Sizes): number => Math.ceil(length / stride) - 1;

/** Signal, filters, and entries that are known, the stretch's and those beside it. */
const inputs = (given: Sizes, random: Random) => {
  const { length, channels, atoms, stride, positions } = given;
  return [
    normalInput(random, [((positions - 1) * stride + length) * channels]),
    normalInput(random, [length, channels, atoms]),
    sparseInput(random, [positions + 2 * reachOf(given), atoms], 0.1),
  ];
};

const tablesOf = (filters: ArrayLike<number>, given: Sizes): CodeSpaceTables => {
  const { length, channels, atoms, stride, nonNegative, weight } = given;
  const each = (factor: number) =>
    Float32Array.from(
      { length: atoms },
      (_, atom) => factor * weight * (1 + 0.1 * atom) * Math.sqrt(length * channels),
    );
  return withGram({
    ...{ length, channels, atoms, stride, filters },
    above: each(1),
    below: each(nonNegative ? Number.POSITIVE_INFINITY : 1),
    slope: new Float32Array(atoms).fill(1),
  });
};

/** Runs with tables on the heap: the code of the stretch, dense, as a fresh tensor. */
function codeOf(
  tables: CodeSpaceTables,
  positions: number,
  f: (heap: NonNullable<ReturnType<typeof heapTables>>) => CodeEntries,
): Tensor {
  const heap = heapTables(tables)!;
  const found = f(heap);
  heap.dispose();
  const entries = Array.from(
    found.positions,
    (position, index) => position * tables.atoms + found.atoms[index]!,
  );
  expect(entries).toEqual([...new Set(entries)].sort((a, b) => a - b));
  const code = new Float32Array(positions * tables.atoms);
  entries.forEach((entry, index) => {
    expect(found.values[index]).not.toBe(0);
    code[entry] = found.values[index]!;
  });
  return tf.tensor2d(code, [positions, tables.atoms]);
}

/** Entries of a code `[R + positions + R, atoms]` that are not zero; of the stretch's own, none that are negative where none may be. */
function knownOf(
  code: ArrayLike<number>,
  given: Sizes,
): { readonly dense: Float64Array; readonly entries: CodeEntries } {
  const dense = Float64Array.from(code, (value) => (given.nonNegative ? Math.abs(value) : value));
  const found = [...dense.keys()].filter((entry) => dense[entry] !== 0);
  const reach = reachOf(given);
  return {
    dense,
    entries: {
      positions: Int32Array.from(found, (entry) => Math.floor(entry / given.atoms) - reach),
      atoms: Int32Array.from(found, (entry) => entry % given.atoms),
      values: Float32Array.from(found, (entry) => dense[entry]!),
    },
  };
}

/** The violations that a search leaves, in float64 from its code: at most the tolerance. */
export const searchStretchTrial = kernelTrial<Sizes>({
  name: 'searchStretch',
  sizes,
  inputs,
  run: ([signal, filters, known], given) => {
    const { atoms, positions } = given;
    const y = Float32Array.from(heapView(signal!));
    const tables = tablesOf(Float32Array.from(heapView(filters!)), given);
    const { dense, entries } = knownOf(heapView(known!), given);
    const code = codeOf(tables, positions, (heap) =>
      searchStretch(heap, { signal: y, positions, known: entries, tolerance: 1e-3, maxUpdates: 10_000 }),
    );
    const x = heapView(code).slice();
    code.dispose();
    dense.set(x, tables.reach * atoms);
    const violations = violationsOf(tables, pullOf(tables, y, dense), x);
    return tf.tensor2d(Float32Array.from(violations), [positions, atoms]);
  },
  reference: (_, { positions, atoms }) => new Float64Array(positions * atoms),
  // The tolerance of the search, and float32 roundings of correlations some tens of times as large as the weights.
  tolerance: 1.1e-3,
});

/** The kept part of the code, in steps, and how far it is from the optimum. */
export const encodeStretchTrial = kernelTrial<Sizes>({
  name: 'encodeStretch',
  sizes,
  inputs,
  run: ([signal, filters], given) => {
    const { positions } = given;
    const tables = scaledTables(Float32Array.from(heapView(filters!)), given);
    let violation = 0;
    const code = codeOf(tables, positions, (heap) => {
      const found = encodeStretch(heap, {
        signal: Float32Array.from(heapView(signal!)),
        positions,
        first: firstOf(given),
        end: positions,
        momenta: momentaOf(given),
        measure: true,
      });
      violation = found.violation;
      return found;
    });
    return tf.tidy(() => {
      const result = tf.concat([tf.reshape(tf.div(code, unitOf(given)), [-1]), tf.tensor1d([violation])]);
      code.dispose();
      return result;
    });
  },
  reference: ([signal, filters], given) => {
    const { positions, atoms } = given;
    const tables = scaledTables(filters!, given);
    const beside = new Float64Array(tables.reach * atoms);
    const pull = (of: Float64Array) =>
      pullOf({ ...tables, filters: filters! }, signal!, Float64Array.from([...beside, ...of, ...beside]));
    let x = new Float64Array(positions * atoms);
    let z = x;
    for (const momentum of momentaOf(given)) {
      const gradient = pull(z);
      const previous = x;
      x = z.map((value, entry) => {
        const [above, below] = [tables.above[entry % atoms]!, tables.below[entry % atoms]!];
        const v = value + stepOf(given) * gradient[entry]!;
        return tables.slope[entry % atoms]! * (v - Math.min(Math.max(v, -below), above));
      });
      z = x.map((value, entry) => value + momentum * (value - previous[entry]!));
    }
    const ridge = 1 / Math.fround(SLOPE) - 1;
    const left = pull(x).map((value, entry) => stepOf(given) * value - ridge * x[entry]!);
    const kept = firstOf(given) * atoms;
    const violations = violationsOf(tables, left, x).subarray(kept);
    return [
      ...x.map((value, entry) => (entry < kept ? 0 : value / unitOf(given))),
      Math.max(0, ...violations),
    ];
  },
});

const SLOPE = 0.9;

/** Not always all of a stretch is kept. */
const firstOf = ({ positions, iterations }: Sizes): number =>
  iterations % 2 ? 0 : Math.floor(positions / 2);

const momentaOf = ({ iterations }: Sizes) => Float32Array.from({ length: iterations }, (_, t) => t / (t + 3));

/** About 1/‖A‖², for filters of normal numbers. */
const stepOf = ({ length, channels, atoms }: Sizes): number => 1 / (length * channels * atoms);

/**
 * What codes are measured in: the step times the standard deviation of Aᵀ y. They are differences of correlations of that size and
 * weights like them, and it is these that round.
 */
const unitOf = (given: Sizes): number => stepOf(given) * Math.sqrt(given.length * given.channels);

/** Filters, Gram and weights times the step, and a ridge. */
function scaledTables(filters: ArrayLike<number>, given: Sizes): CodeSpaceTables {
  const tables = tablesOf(filters, given);
  const times = (values: ArrayLike<number>) => Float32Array.from(values, (value) => stepOf(given) * value);
  return {
    ...tables,
    filters: times(tables.filters),
    gram: times(tables.gram),
    above: times(tables.above),
    below: times(tables.below),
    slope: new Float32Array(given.atoms).fill(SLOPE),
  };
}

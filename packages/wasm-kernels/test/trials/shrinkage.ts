import type { Random } from '@unrolled/contracts';
import fc from 'fast-check';
import { extrapolate } from '../../src/kernels/extrapolate.ts';
import { shrinkageDerivative, shrinkageStep, sumSide } from '../../src/kernels/shrinkage.ts';
import { kernelTrial, normalInput, sparseInput, type TrialInput } from '../support/kernel-trial.ts';

interface Sizes {
  readonly entries: number;
  readonly atoms: number;
  /** Atoms have thresholds and slopes of their own; else all have the same. */
  readonly own: boolean;
}

const sizes: fc.Arbitrary<Sizes> = fc.record({
  entries: fc.integer({ min: 1, max: 23 }),
  atoms: fc.integer({ min: 1, max: 11 }),
  own: fc.boolean(),
});

function row({ own, atoms }: Sizes, random: Random, low: number, high: number): TrialInput {
  const size = own ? atoms : 1;
  return {
    shape: own ? [atoms] : [],
    values: Float32Array.from({ length: size }, () => random.uniform(low, high)),
  };
}

const atomOf = (index: number, { own, atoms }: Sizes): number => (own ? index % atoms : 0);

export const shrinkageStepTrial = kernelTrial<Sizes>({
  name: 'shrinkageStep',
  sizes,
  inputs: (all, random) => [
    normalInput(random, [all.entries, all.atoms]),
    normalInput(random, [all.entries, all.atoms]),
    { shape: [], values: Float32Array.of(random.uniform(0.1, 2)) },
    row(all, random, 0, 1),
    row(all, random, 0, 1),
    row(all, random, 0.1, 1),
  ],
  run: ([z, gradient, step, below, above, slope]) =>
    shrinkageStep(z!, gradient!, step!, { below: below!, above: above!, slope: slope! })!,
  reference: ([z, gradient, step, below, above, slope], all) =>
    Float64Array.from(z!, (value, index) => {
      const atom = atomOf(index, all);
      const v = value + step![0]! * gradient![index]!;
      return slope![atom]! * (v - Math.min(Math.max(v, -below![atom]!), above![atom]!));
    }),
});

export const shrinkageDerivativeTrial = kernelTrial<Sizes>({
  name: 'shrinkageDerivative',
  sizes,
  inputs: (all, random) => [
    normalInput(random, [all.entries, all.atoms]),
    sparseInput(random, [all.entries, all.atoms], 0.4),
    // Some atoms with a zone of zeros, some without.
    row(all, random, -0.5, 1),
    row(all, random, -0.5, 1),
    row(all, random, 0.1, 1),
  ],
  run: ([dy, result, below, above, slope]) =>
    shrinkageDerivative(dy!, result!, { below: below!, above: above!, slope: slope! })!,
  reference: ([dy, result, below, above, slope], all) =>
    Float64Array.from(dy!, (value, index) => {
      const atom = atomOf(index, all);
      const hasZone = Math.fround(below![atom]! + above![atom]!) > 0;
      return hasZone && result![index] === 0 ? 0 : value * slope![atom]!;
    }),
});

export const sumSideTrial = kernelTrial<Sizes>({
  name: 'sumSide',
  sizes: fc.oneof(
    { weight: 5, arbitrary: sizes },
    // More than one run of float32 sums.
    {
      weight: 1,
      arbitrary: fc.record({ entries: fc.constant(4200), atoms: fc.constant(1), own: fc.boolean() }),
    },
  ),
  inputs: ({ entries, atoms }, random) => [
    normalInput(random, [entries, atoms]),
    sparseInput(random, [entries, atoms], 0.7),
  ],
  run: ([dy, result], { own }) => sumSide(dy!, result!, own ? 1 : -1)!,
  reference: ([dy, result], { atoms, own }) => {
    const sums = new Float64Array(atoms);
    dy!.forEach((value, index) => {
      if (result![index]! * (own ? 1 : -1) > 0) sums[index % atoms]! += value;
    });
    return sums;
  },
});

export const extrapolateTrial = kernelTrial<Sizes>({
  name: 'extrapolate',
  sizes,
  inputs: ({ entries, atoms }, random) => [
    normalInput(random, [entries, atoms]),
    normalInput(random, [entries, atoms]),
  ],
  run: ([x, previous]) => extrapolate(x!, previous!, 0.75)!,
  reference: ([x, previous]) =>
    Float64Array.from(x!, (value, index) => value + 0.75 * (value - previous![index]!)),
});

import fc from 'fast-check';
import { shrinkageStep } from '../../src/kernels/shrinkage-step.ts';
import { kernelTrial, normalInput } from '../support/kernel-trial.ts';

interface Sizes {
  readonly entries: number;
  readonly atoms: number;
  /** Atoms that have thresholds and slopes of their own; else all have the same. */
  readonly own: boolean;
}

const uniform = (low: number, high: number, size: number, draw: () => number): Float32Array =>
  Float32Array.from({ length: size }, () => low + (high - low) * draw());

export const shrinkageStepTrial = kernelTrial<Sizes>({
  name: 'shrinkageStep',
  sizes: fc.record({
    entries: fc.integer({ min: 1, max: 23 }),
    atoms: fc.integer({ min: 1, max: 11 }),
    own: fc.boolean(),
  }),
  inputs: ({ entries, atoms, own }, random) => {
    const shape = own ? [atoms] : [];
    const row = (low: number, high: number) => ({
      shape,
      values: uniform(low, high, own ? atoms : 1, () => random.uniform()),
    });
    return [
      normalInput(random, [entries, atoms]),
      normalInput(random, [entries, atoms]),
      { shape: [], values: Float32Array.of(random.uniform(0.1, 2)) },
      row(0, 1),
      row(0, 1),
      row(0.1, 1),
    ];
  },
  run: ([z, gradient, step, below, above, slope]) =>
    shrinkageStep(z!, gradient!, step!, { below: below!, above: above!, slope: slope! })!,
  reference: ([z, gradient, step, below, above, slope], { atoms, own }) =>
    Float64Array.from(z!, (value, index) => {
      const atom = own ? index % atoms : 0;
      const v = value + step![0]! * gradient![index]!;
      return slope![atom]! * (v - Math.min(Math.max(v, -below![atom]!), above![atom]!));
    }),
});

import fc from 'fast-check';
import { projectSimplex } from '../../src/kernels/simplex.ts';
import { kernelTrial, normalInput } from '../support/kernel-trial.ts';

interface Sizes {
  readonly entries: number;
  readonly atoms: number;
  /** From all entries in use to one. */
  readonly scale: number;
  /** Entries that many have in common. */
  readonly ties: boolean;
}

export const projectSimplexTrial = kernelTrial<Sizes>({
  name: 'projectSimplex',
  sizes: fc.record({
    entries: fc.integer({ min: 1, max: 9 }),
    atoms: fc.integer({ min: 1, max: 37 }),
    scale: fc.constantFrom(0.01, 0.2, 1, 50),
    ties: fc.boolean(),
  }),
  inputs: ({ entries, atoms, scale, ties }, random) => {
    const { shape, values } = normalInput(random, [entries, atoms]);
    return [{ shape, values: values.map((value) => scale * (ties ? Math.round(2 * value) / 2 : value)) }];
  },
  run: ([v]) => projectSimplex(v!)!,
  reference: ([v], { atoms }) => {
    const out = Float64Array.from(v!);
    for (let row = 0; row < out.length; row += atoms) {
      const sorted = out
        .slice(row, row + atoms)
        .sort()
        .reverse();
      let theta = 0;
      sorted.reduce((sum, value, index) => {
        const mean = (sum + value - 1) / (index + 1);
        if (value > mean) theta = mean;
        return sum + value;
      }, 0);
      for (let index = row; index < row + atoms; index++) out[index] = Math.max(out[index]! - theta, 0);
    }
    return out;
  },
});

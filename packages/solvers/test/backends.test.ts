import { useBackend } from '@unrolled/backend';
import type { Iteration } from '@unrolled/contracts';
import { expect, test } from 'vitest';
import { backendsHere } from '../../backend/test/support/backends.ts';
import { fista, maxIterations, nesterovMomentum, solve } from '../src/index.ts';
import { convolutionalProblem, distance, lassoProblem, rows } from './lasso-problem.ts';
import { type Lasso, referenceFista } from './reference/lasso.ts';

const step = Math.fround(0.15);

for (const name of await backendsHere()) {
  test(`${name} gives the codes of the float64 reference`, async () => {
    await useBackend(name);
    const compare = async (
      iteration: Iteration,
      { y, references }: { y: Parameters<typeof solve>[1]; references: readonly Lasso[] },
      options: Pick<Parameters<typeof referenceFista>[1], 'momentum' | 'restart'>,
    ) => {
      const { code } = await solve(iteration, y, { stop: maxIterations(15) });
      const codes = await rows(code);
      for (const [b, lasso] of references.entries()) {
        const expected = referenceFista(lasso, { step, iterations: 15, ...options }).at(-1)!;
        // Some dozen float32 roundings, 6e-8 each; a GPU may contract a product and a sum, or not.
        expect(distance(codes[b]!, expected)).toBeLessThan(5e-6);
      }
      code.dispose();
    };
    const [dense, convolutional] = [lassoProblem(), convolutionalProblem()];
    await compare(fista(dense.problem, { step, restart: 'gradient' }), dense, {
      momentum: nesterovMomentum,
      restart: 'gradient',
    });
    await compare(fista(convolutional.problem, { step }), convolutional, { momentum: nesterovMomentum });
  });
}

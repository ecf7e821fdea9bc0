import { codeSpaceFista, coordinateDescent, fista, maxIterations, solve } from '@unrolled/solvers';
import type { Check } from './check.ts';
import type { Values } from './compare.ts';
import { kernelChecks } from './kernel-checks.ts';
import {
  convolutionalProblem,
  convolutionalStep,
  denseProblem,
  denseStep,
  fixedPointStep,
} from './networks.ts';

/**
 * Some hundred kernels one behind the other, forward and back. Adam’s first update divides every gradient by its own size, so that the
 * rounding of one that is near 0 shows.
 */
const tolerance = 1e-4;

const codes: Check = {
  name: 'FISTA, 30 iterations',
  tolerance,
  run: async () => {
    const values: { [name: string]: Float32Array } = {};
    for (const [name, problem] of Object.entries({
      dense: denseProblem(),
      convolutional: convolutionalProblem(),
    })) {
      const options = { stop: maxIterations(30) };
      const { code } = await solve(fista(problem.problem, { step: problem.step }), problem.y, options);
      values[`code, ${name}`] = Float32Array.from(await code.data());
      code.dispose();
      problem.dispose();
    }
    return values;
  },
};

const sparseCodes: Check = {
  name: 'codes in code space: coordinate descent, FISTA',
  tolerance,
  run: async () => {
    const { problem, y, step, dispose } = convolutionalProblem();
    // So close to the minimum that the way there does not show.
    const solvers = {
      descent: await coordinateDescent(problem, { tolerance: 1e-5 }),
      FISTA: await codeSpaceFista(problem, { iterations: 30, step }),
    };
    const values: { [name: string]: Float32Array } = {};
    for (const [name, solver] of Object.entries(solvers)) {
      const { code } = await solver.solve(y);
      values[`code, ${name}`] = Float32Array.from(await code.data());
      code.dispose();
      solver.dispose();
    }
    dispose();
    return values;
  },
};

const step = (name: string, run: () => Promise<Values>): Check => ({ name, tolerance, run });

/** Every check, small enough for plain JavaScript and an imitated graphics card. */
export const checks: readonly Check[] = [
  ...kernelChecks,
  codes,
  sparseCodes,
  step('CRsAE: training step', () => convolutionalStep('full')),
  step('dense network: training step', () => denseStep('full')),
  step('dense network: gradient through the last 4 layers', () => denseStep({ last: 4 })),
  step('dense network: checkpointed gradient', () => denseStep({ checkpoint: 4 })),
  step('dense network: implicit gradient', fixedPointStep),
];

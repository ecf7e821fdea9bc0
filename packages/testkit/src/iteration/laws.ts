import type { Law } from '../law.ts';
import { convergenceLaws } from './convergence.ts';
import { parameterLaws } from './parameters.ts';
import { purityLaws } from './purity.ts';
import { stepLaws } from './steps.ts';
import type { IterationSubject } from './subject.ts';
import { trainingLaws } from './training.ts';

/**
 * What every `Iteration` does: pure steps that solve the problem, from parameters that can be trained.
 *
 * @example
 * await assertConforms(iterationLaws, () => ({
 *   iteration: fista({ operator: dense(atoms()), prior: l1(0.1), likelihood: gaussian() }),
 *   signalShape: [2, 8],
 * }));
 */
export const iterationLaws: readonly Law<IterationSubject>[] = Object.freeze([
  ...parameterLaws,
  ...stepLaws,
  ...purityLaws,
  ...trainingLaws,
  ...convergenceLaws,
]);

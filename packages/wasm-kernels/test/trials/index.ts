import type { KernelTrial } from '../support/kernel-trial.ts';
import { analysis1dTrial, filterGradient1dTrial, synthesis1dTrial } from './convolution1d.ts';
import { analysis2dTrial, filterGradient2dTrial, synthesis2dTrial } from './convolution2d.ts';
import { shrinkageStepTrial } from './shrinkage-step.ts';

/** Every kernel: kernels.test.ts tries each at random sizes, soak.test.ts calls them all in turn. */
export const trials: readonly KernelTrial[] = [
  analysis1dTrial,
  analysis2dTrial,
  filterGradient1dTrial,
  filterGradient2dTrial,
  shrinkageStepTrial,
  synthesis1dTrial,
  synthesis2dTrial,
];

import type { KernelTrial } from '../support/kernel-trial.ts';
import { analysis1dTrial, filterGradient1dTrial, synthesis1dTrial } from './convolution1d.ts';
import {
  analysis2dTrial,
  filterGradient2dTrial,
  synthesis2dTrial,
  winograd2dTrial,
} from './convolution2d.ts';
import { matMulTrial } from './mat-mul.ts';
import { extrapolateTrial, shrinkageDerivativeTrial, shrinkageStepTrial, sumSideTrial } from './shrinkage.ts';
import { projectSimplexTrial } from './simplex.ts';
import { encodeStretchTrial, searchStretchTrial } from './sparse-code.ts';

/** Every kernel: kernels.test.ts tries each at random sizes, soak.test.ts calls them all in turn. */
export const trials: readonly KernelTrial[] = [
  analysis1dTrial,
  analysis2dTrial,
  encodeStretchTrial,
  extrapolateTrial,
  filterGradient1dTrial,
  filterGradient2dTrial,
  matMulTrial,
  projectSimplexTrial,
  searchStretchTrial,
  shrinkageDerivativeTrial,
  shrinkageStepTrial,
  sumSideTrial,
  synthesis1dTrial,
  synthesis2dTrial,
  winograd2dTrial,
];

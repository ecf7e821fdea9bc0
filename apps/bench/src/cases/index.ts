import type { Case } from '../benchmark.ts';
import { denseUnrolledCase } from './dense-unrolled.ts';
import { encoderCase } from './encoder.ts';
import { encoder2dCase } from './encoder-2d.ts';
import { fileCase } from './file.ts';
import { filterGradient1dCase, filterGradient2dCase } from './filter-gradient.ts';
import { gradientCase } from './gradient.ts';
import { lassoCase } from './lasso.ts';
import { learnCase } from './learn.ts';
import { matMulCase } from './mat-mul.ts';
import { sortCase, sortChannelsCase } from './sort.ts';
import { sortProbeCase } from './sort-probe.ts';
import { trainingStep2dCase } from './training-step-2d.ts';
import { workersCase } from './workers.ts';

/** All cases, in the order of the page. */
export const cases: readonly Case[] = [
  sortCase,
  sortChannelsCase,
  sortProbeCase,
  workersCase,
  learnCase,
  encoder2dCase,
  trainingStep2dCase,
  filterGradient1dCase,
  filterGradient2dCase,
  denseUnrolledCase,
  lassoCase,
  matMulCase,
  encoderCase,
  gradientCase,
  fileCase,
];

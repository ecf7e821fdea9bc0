export { analysis, type Curvature, type HostState, type LearnedCost } from './analysis.ts';
export { type Lsalsa, type LsalsaCode, type LsalsaOptions, type LsalsaPart, lsalsa } from './lsalsa.ts';
export { type OptimalCodesOptions, optimalCodes } from './optimal-codes.ts';
export { loadLsalsa, saveLsalsa } from './saving.ts';
export { type Separation, separate, sparsify, splitCode } from './separate.ts';
export { atomsOf, type LsalsaProblem, type Source, sourceProblem } from './sources.ts';
export { type TrainLsalsaOptions, trainLsalsa } from './train.ts';

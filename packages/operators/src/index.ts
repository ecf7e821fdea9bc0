export { compose } from './compose.ts';
export { type Concatenation, type ConcatenationNames, concatenate } from './concatenate.ts';
export { unitBall, unitSphere } from './constraints.ts';
export { type Conv1dOptions, conv1d } from './conv1d.ts';
export { dense } from './dense.ts';
export { identity } from './identity.ts';
export { type PowerIterationOptions, powerIteration } from './power-iteration.ts';
export { scaled } from './scaled.ts';
export { spectralFactor } from './spectral-factor.ts';

export { analysis1d, filterGradient1d, synthesis1d } from './convolution.ts';
export { analysis2d, filterGradient2d, synthesis2d } from './convolution2d.ts';
export { type Stride2d, stridePair } from './convolution2d-shapes.ts';
export { extrapolate } from './extrapolate.ts';
export { type MatMulOptions, matMul } from './mat-mul.ts';
export { hasShrinkageKernel, shrinkageStep } from './shrinkage-step.ts';
export { simplexProjection } from './simplex-projection.ts';

export { analysis1d, filterGradient1d, synthesis1d } from './convolution.ts';
export { type MatMulOptions, matMul } from './mat-mul.ts';

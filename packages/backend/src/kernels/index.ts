export * from './convolution.ts';
export * from './mat-mul.ts';

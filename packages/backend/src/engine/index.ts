export * from './collect-scope.ts';
export * from './custom-gradient.ts';
export * from './define-kernel.ts';
export * from './value-and-gradients.ts';
export * from './vector-jacobian-product.ts';
export * from './without-gradient.ts';

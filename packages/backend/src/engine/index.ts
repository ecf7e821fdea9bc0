export type { TfBackendName } from '@unrolled/wasm-kernels';
export { collectScope } from './collect-scope.ts';
export { customGradient } from './custom-gradient.ts';
export {
  type Attributes,
  type Backward,
  defineKernel,
  type Forward,
  type KernelDefinition,
} from './define-kernel.ts';
export { valueAndGradients } from './value-and-gradients.ts';
export { vectorJacobianProduct } from './vector-jacobian-product.ts';
export { withoutGradient } from './without-gradient.ts';

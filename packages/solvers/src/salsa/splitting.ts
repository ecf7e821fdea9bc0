import type { Tensor } from '@tensorflow/tfjs-core';
import type { Named, Operator } from '@unrolled/contracts';

/** How SALSA's x-update S q, S = (μI + AᵀA)⁻¹, is computed. */
export interface Splitting {
  /** The parameters that it adds, made of an operator and a penalty. Fresh tensors; reads the device. */
  parameters(operator: Operator, penalty: number): Promise<Named>;
  /** Runs on the tape; what it makes belongs to the scope that it is called in. */
  bind(parameters: Named, operator: Operator): BoundSplitting;
}

/** A splitting around its parameters. */
export interface BoundSplitting {
  /** q = W_e y, which is Aᵀ y until it is trained. A fresh tensor. */
  analyse(y: Tensor): Tensor;
  /** S q. `penalty` is a scalar or one an example; `last` is the x before. A fresh tensor. */
  solve(q: Tensor, penalty: Tensor, last: Tensor): Tensor;
}

import type { Tensor } from '@tensorflow/tfjs-core';
import type { Parametric } from './named.ts';
import type { Random } from './random.ts';

/**
 * An exponential-family data term with natural parameter η = A x (+ a baseline of its own):
 *
 *     log p(y | η) = yᵀ η − B(η) + log h(y)
 *
 * Shapes are those of the signal. `F` names the family for the type checker; no code compares it.
 */
export interface Likelihood<F extends string = string, N extends string = string> extends Parametric<N> {
  readonly family: F;
  /** False where the working residual is deliberately not −∂negLogLik/∂η (a bounded residual). */
  readonly exactResidual: boolean;
  /** sup B″(η): the data term's gradient in x is `curvature`·‖A‖²-Lipschitz. ∞ where there is no bound. */
  readonly curvature: number;
  /** E[y | η] = B′(η), the inverse link. A fresh tensor. */
  mean(eta: Tensor): Tensor;
  /** Var[y | η] = B″(η). A fresh tensor. */
  variance(eta: Tensor): Tensor;
  /** B(η), element by element. A fresh tensor. */
  logPartition(eta: Tensor): Tensor;
  /** −log p(y | η) of every example without the terms that do not depend on η: `[batch]`. A fresh tensor. */
  negLogLik(y: Tensor, eta: Tensor): Tensor;
  /** y − mean(η), or the working residual where `exactResidual` is false. A fresh tensor. */
  residual(y: Tensor, eta: Tensor): Tensor;
  /** 2·(log p(y | y) − log p(y | η)) of every example: `[batch]`, never negative. A fresh tensor. */
  deviance(y: Tensor, eta: Tensor): Tensor;
  /** Draws y from p(y | η); reads η on the host. A fresh tensor. */
  sample(eta: Tensor, random: Random): Promise<Tensor>;
  /** Value of the dual problem of every example at the dual point θ, where the duality gap is available: `[batch]`. */
  dualValue?(y: Tensor, theta: Tensor): Tensor;
  with(parameters: { readonly [K in N]: Tensor }): Likelihood<F, N>;
}

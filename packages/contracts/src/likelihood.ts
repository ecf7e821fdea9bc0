import type { Tensor } from '@tensorflow/tfjs-core';
import type { Parametric } from './named.ts';
import type { Random } from './random.ts';

/**
 * An exponential-family data term of η = A x (+ a baseline of its own), its natural parameter:
 *
 *     log p(y | η) = yᵀ η − B(η) + log h(y)
 *
 * Where the natural parameter of a family may not be any number, η is another one, and the natural one is a function θ(η)
 * of it (`natural`). B, the mean and the variance are then still functions of η:
 *
 *     log p(y | η) = yᵀ θ(η) − B(η) + log h(y),   mean(η) = B′(η)/θ′(η),   variance(η) = mean′(η)/θ′(η)
 *
 * Shapes are those of the signal. `F` names the family for the type checker; no code compares it.
 */
export interface Likelihood<F extends string = string, N extends string = string> extends Parametric<N> {
  readonly family: F;
  /** False where the working residual is deliberately not −∂negLogLik/∂η (a bounded residual). */
  readonly exactResidual: boolean;
  /**
   * The largest −∂²log p/∂η², sup B″(η): the data term's gradient in x is `curvature`·‖A‖²-Lipschitz. ∞ where there is no
   * bound.
   */
  readonly curvature: number;
  /** θ(η), the natural parameter, where it is not η itself. A fresh tensor. */
  natural?(eta: Tensor): Tensor;
  /** E[y | η] = B′(η), the inverse link. A fresh tensor. */
  mean(eta: Tensor): Tensor;
  /** Var[y | η] = B″(η). A fresh tensor. */
  variance(eta: Tensor): Tensor;
  /** B(η), element by element. A fresh tensor. */
  logPartition(eta: Tensor): Tensor;
  /** −log p(y | η) of every example without the terms that do not depend on η: `[batch]`. A fresh tensor. */
  negLogLik(y: Tensor, eta: Tensor): Tensor;
  /**
   * −∂negLogLik/∂η = (y − mean(η))·θ′(η), which is y − mean(η) where η is the natural parameter; or the working residual
   * where `exactResidual` is false. A fresh tensor.
   */
  residual(y: Tensor, eta: Tensor): Tensor;
  /** 2·(log p(y | y) − log p(y | η)) of every example: `[batch]`, never negative. A fresh tensor. */
  deviance(y: Tensor, eta: Tensor): Tensor;
  /** Draws y from p(y | η); reads η on the host. A fresh tensor. */
  sample(eta: Tensor, random: Random): Promise<Tensor>;
  /** Value of the dual problem of every example at the dual point θ, where the duality gap is available: `[batch]`. */
  dualValue?(y: Tensor, theta: Tensor): Tensor;
  /**
   * Refuses data that have probability 0 whatever η is: counts that are negative or not whole, say. On the host, as
   * nothing else here reads values: for whoever has them there before the work starts. `name` is what the error calls them.
   */
  requireData?(name: string, values: ArrayLike<number>): void;
  with(parameters: { readonly [K in N]: Tensor }): Likelihood<F, N>;
}

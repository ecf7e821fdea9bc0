import type { Tensor } from '@tensorflow/tfjs-core';
import type { Parametric } from './named.ts';
import type { Operator } from './operator.ts';

/**
 * A proximal operator that is a shrinkage, entry by entry: what fused kernels and coordinate descent compute with.
 *
 *     prox(v) = slope · (v − min(max(v, −below), above))
 *
 * The ℓ1 prior has below = above = α w and slope 1, its non-negative form below = ∞; the ridge prior has 0, 0 and
 * 1/(1 + α w). All three broadcast to the code: scalars, or `[atoms]`.
 */
export interface Shrinkage {
  /** How far below 0 entries become 0, ≥ 0; ∞ where no entry may be negative. */
  readonly below: Tensor;
  /** How far above 0 entries become 0, ≥ 0. */
  readonly above: Tensor;
  /** The slope beyond both, in (0, 1]. */
  readonly slope: Tensor;
}

/**
 * A penalty Φ on codes, with its proximal operator: what a code should look like.
 *
 * A prior carries its own weight; `step` is the step size alone:
 *
 *     prox(v, α) = argmin_x  α Φ(x) + ½ ‖x − v‖²
 *
 * so that an activation follows from a prior: ℓ1 gives the (two-sided) ReLU, ridge a scaling, and so on.
 */
export interface Prior<N extends string = string> extends Parametric<N> {
  readonly name: string;
  /** Φ is convex: prox is then single-valued and firmly non-expansive. */
  readonly convex: boolean;
  /** Φ(x) of every example: `[batch, …]` → `[batch]`. +∞ outside the domain of an indicator. A fresh tensor. */
  value(x: Tensor): Tensor;
  /** argmin_x step·Φ(x) + ½‖x − v‖², of the shape of v. `step` > 0. A fresh tensor. */
  prox(v: Tensor, step: number | Tensor): Tensor;
  /**
   * prox(·, step) as a shrinkage, where it is one: the same values and gradients as `prox`, for whoever computes it entry
   * by entry. Fresh tensors. It is taken in place of `prox` where it is there: a prior that is another one with a `prox` of its
   * own leaves it out.
   */
  shrinkage?(step: number | Tensor): Shrinkage;
  /** The prior for these data, where its penalty depends on them (K-Deep Simplex); runs on the tape. */
  bind?(y: Tensor, operator: Operator): Prior<N>;
  /**
   * How far −gradient is from the subdifferential ∂Φ(x), entry by entry: 0 everywhere exactly at a minimum of
   * f + Φ with ∇f(x) = gradient. What the Karush–Kuhn–Tucker stopping rule measures.
   */
  violation?(x: Tensor, gradient: Tensor): Tensor;
  /**
   * The largest s ∈ (0, 1] of every example for which Φ*(s·c) = 0, c of the shape of a code: `[batch]`. For norms and
   * their non-negative parts; what the duality gap needs.
   */
  dualScale?(c: Tensor): Tensor;
  /** Φ*(c) = sup_x ⟨x, c⟩ − Φ(x), the convex conjugate, of every example: `[batch]`, +∞ outside its domain. A fresh tensor. */
  conjugateValue?(c: Tensor): Tensor;
  with(parameters: { readonly [K in N]: Tensor }): Prior<N>;
}

import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type Operator,
  type Prior,
  refuse,
  requireRank,
  requireShape,
  UnrolledError,
} from '@unrolled/contracts';
import { perExample, requireCode, requireGradient, requireStep } from './internal/codes.ts';
import { type Weight, weightTensor } from './internal/weight.ts';
import { simplex } from './simplex.ts';

/**
 * The locality penalty of K-Deep Simplex: codes on the probability simplex, whose entries cost what their atoms are away from
 * the signal,
 *
 *     Φ(x) = λ Σ_j x_j ‖y − a_j‖²,  x ≥ 0, Σ_j x_j = 1        prox(v, α) = P(v − αλ w),  w_j = ‖y − a_j‖²
 *
 * P being the projection of {@link simplex}. ‖x‖₁ = 1 there, so that an unweighted ℓ1 penalty does nothing: the weights make codes
 * sparse. A signal in the convex hull of atoms in general position is then made of the corners of its Delaunay cell.
 *
 * The weights depend on the data and on the atoms: `bind(y, operator)` makes the prior for them, as solvers and networks do; before that
 * there is nothing to compute, and `prox` and `value` refuse. They come of ‖y‖² + ‖a_j‖² − 2 a_jᵀ y, never of differences
 * `[batch, features, atoms]`, and gradients flow through them to the atoms. `prox` leaves out ‖y‖², which shifts all entries alike: that
 * changes nothing on the simplex, and less is lost to rounding.
 *
 * Any operator from codes `[batch, atoms]` to signals `[batch, features]` will do.
 *
 * @param weight λ ≥ 0: a number, or a float32 scalar tensor, which stays its maker's
 * @throws `INVALID_ARGUMENT`, `NOT_FINITE` for λ; `INVALID_SHAPE` by `bind` for signals that are not `[batch, features]`;
 *   `INVALID_ARGUMENT` in use before `bind`
 * @example
 * ```ts
 * const atoms = tf.tensor2d([[0, 1, 3]]); // on a line
 * const prior = locality(0.5).bind!(tf.tensor2d([[0.9]]), dense(atoms));
 * const code = prior.prox(tf.zeros([1, 3]), 1); // [[0.1, 0.9, 0]]
 * ```
 * @see Tasissa, Tankala, Murphy & Ba, *K-deep simplex: manifold learning via local dictionaries*, IEEE TSP 71 (2023), (3)
 */
export function locality(weight: Weight): Prior<'weight'> {
  const lambda = weightTensor('weight', weight);
  requireShape('weight', lambda.shape, [], 'one number, λ');
  return unbound(lambda);
}

function unbound(weight: Tensor): Prior<'weight'> {
  const refuseUse = (): never => {
    throw new UnrolledError(
      'INVALID_ARGUMENT',
      'locality: expected the prior of some data, prior.bind(y, operator), got the one before',
    );
  };
  return Object.freeze({
    name: 'locality',
    convex: true,
    parameters: Object.freeze({ weight }),
    value: refuseUse,
    prox: refuseUse,
    bind: (y: Tensor, operator: Operator) => bound(weight, weightsOf(y, operator)),
    with: (parameters: { readonly weight: Tensor }) => unbound(parameters.weight),
  });
}

/** The prior of some data: `near` is ‖a_j‖² − 2 a_jᵀ y `[batch, atoms]`, `size` the ‖y‖² `[batch]` that is left out of it. */
interface LocalityWeights {
  readonly near: Tensor;
  readonly size: Tensor;
}

function bound(weight: Tensor, weights: LocalityWeights): Prior<'weight'> {
  const { near, size } = weights;
  const inside = simplex();
  const fitting = (name: string, code: Tensor): Tensor => {
    requireShape(name, requireCode(name, code).shape, near.shape, 'a code for every signal');
    return code;
  };
  const penalised = (gradient: Tensor): Tensor => tf.add(gradient, tf.mul(weight, near));
  return Object.freeze({
    name: 'locality',
    convex: true,
    parameters: Object.freeze({ weight }),
    value: (x: Tensor) =>
      tf.tidy(() => {
        const total = tf.sum(fitting('x', x), -1);
        const spread = tf.add(perExample(tf.mul(x, near)), tf.mul(size, total));
        return tf.add(tf.mul(weight, spread), inside.value(x));
      }),
    prox: (v: Tensor, step: number | Tensor) =>
      tf.tidy(() => {
        const length = tf.mul(weight, requireStep(step));
        return inside.prox(tf.sub(fitting('v', v), tf.mul(length, near)), 1);
      }),
    violation: (x: Tensor, gradient: Tensor) =>
      tf.tidy(() => {
        requireGradient(fitting('x', x), gradient);
        return inside.violation!(x, penalised(gradient));
      }),
    /** max_j c_j − λ w_j. */
    conjugateValue: (c: Tensor) =>
      tf.tidy(() =>
        tf.sub(inside.conjugateValue!(tf.sub(fitting('c', c), tf.mul(weight, near))), tf.mul(weight, size)),
      ),
    with: (parameters: { readonly weight: Tensor }) => bound(parameters.weight, weights),
  });
}

/** Fresh tensors of the caller's scope, on the tape. */
function weightsOf(y: Tensor, operator: Operator): LocalityWeights {
  requireRank('y', y, 2, 'signals [batch, features]');
  const atoms = operator.codeShape(y.shape)[1];
  if (operator.codeSize === undefined || atoms !== operator.codeSize)
    refuse('operator', operator.name, 'one from codes [batch, atoms] to signals [batch, features]');
  const [near, size] = tf.tidy(() => {
    const everyAtom = operator.apply(tf.eye(atoms));
    const squares = tf.sum(tf.square(everyAtom), 1);
    return [tf.sub(squares, tf.mul(2, operator.adjoint(y))), tf.sum(tf.square(y), 1)];
  }) as [Tensor, Tensor];
  return { near, size };
}

import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Likelihood, type Random, requireAllFinite, requireKnownOptions } from '@unrolled/contracts';
import { type Baseline, type BaselineName, type BaselineOptions, withBaseline } from './internal/baseline.ts';
import { perExample, requireSameShape, requireSignal } from './internal/signals.ts';

/**
 * The Gaussian likelihood of unit variance: y = η + ε, ε ~ N(0, I), the data term of the lasso.
 *
 *     −log p(y | η) = ½ ‖y − η‖² + constant,   B(η) = ½ η²,   mean = η,   variance = 1
 *
 * `negLogLik` keeps ½‖y‖² (the customary half squared error), so that it is the data term of the primal problem whose
 * dual `dualValue` is. Noise of deviation σ is not a parameter here: it is in the weight of the prior, σ²·rate.
 *
 * With a `baseline` a it is y = η + a + ε, for signals that do not rest at 0.
 *
 * Signals are `[batch, …]`; what is a number of every example is `[batch]`. Every method refuses tensors that are not
 * float32, that have no batch axis, or whose shapes differ.
 *
 * @example
 * ```ts
 * const likelihood = gaussian();
 * const y = tf.tensor2d([[3, 4]]);
 * const cost = likelihood.negLogLik(y, tf.zerosLike(y)); // [12.5]
 * ```
 */
export function gaussian<B extends Baseline | undefined = undefined>(
  options: BaselineOptions<B> = {},
): Likelihood<'gaussian', BaselineName<B>> {
  requireKnownOptions('gaussian', options, ['baseline']);
  return withBaseline(likelihood, options);
}

const likelihood: Likelihood<'gaussian', never> = Object.freeze({
  family: 'gaussian',
  parameters: Object.freeze({}),
  exactResidual: true,
  curvature: 1,
  mean: (eta: Tensor) => tf.clone(requireSignal('eta', eta)),
  variance: (eta: Tensor) => tf.onesLike(requireSignal('eta', eta)),
  logPartition: (eta: Tensor) => tf.tidy(() => tf.mul(0.5, tf.square(requireSignal('eta', eta)))),
  negLogLik: (y: Tensor, eta: Tensor) => tf.tidy(() => tf.mul(0.5, squaredError('eta', y, eta))),
  residual: (y: Tensor, eta: Tensor) => {
    requireSameShape('eta', y, eta);
    return tf.sub(y, eta);
  },
  deviance: (y: Tensor, eta: Tensor) => squaredError('eta', y, eta),
  sample: async (eta: Tensor, random: Random) => {
    const means = await requireSignal('eta', eta).data();
    return tf.tensor(
      Float32Array.from(means, (mean) => random.normal(mean)),
      eta.shape,
    );
  },
  /** ½‖y‖² − ½‖y − θ‖² = ⟨y, θ⟩ − ½‖θ‖²: the dual of min ½‖y − Ax‖² + Φ(x) where Φ*(Aᵀθ) = 0; best at θ = y − Ax. */
  dualValue: (y: Tensor, theta: Tensor) =>
    tf.tidy(() => {
      requireSameShape('theta', y, theta);
      // This form has no difference of large numbers where θ is small beside y.
      return perExample(tf.mul(theta, tf.sub(y, tf.mul(0.5, theta))));
    }),
  requireData: requireAllFinite,
  with: () => likelihood,
});

const squaredError = (name: string, y: Tensor, eta: Tensor): Tensor =>
  tf.tidy(() => {
    requireSameShape(name, y, eta);
    return perExample(tf.squaredDifference(y, eta));
  });

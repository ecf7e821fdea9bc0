import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type Likelihood,
  type Random,
  refuse,
  requireAllFinite,
  requireBroadcast,
  requireFloat,
} from '@unrolled/contracts';
import { perExample, requireSignal } from './signals.ts';

/**
 * What the natural parameter is without any code: one number; one number a channel; or a float32 tensor of any shape that
 * broadcasts to the signal's, `[batch, 1, 1]` for one number an example.
 *
 * A number or an array becomes a tensor that the caller owns: `tf.dispose(likelihood.parameters)`. Its values are checked. A
 * tensor is used as it is and stays its maker's; its values are on the device and are not read.
 */
export type Baseline = number | readonly number[] | Float32Array | Tensor;

/** The options of a likelihood with a baseline. */
export interface BaselineOptions<B extends Baseline | undefined = Baseline | undefined> {
  /** Added to A x wherever η is given: a parameter, `baseline`, that may be trained. Default none, and no parameter. */
  readonly baseline?: B;
}

/** The parameter names that an option `baseline` of this type makes. */
export type BaselineName<B extends Baseline | undefined> = B extends undefined ? never : 'baseline';

/** A likelihood, or where there is a baseline the one of η + baseline. The one place where that sum is made. */
export function withBaseline<F extends string, B extends Baseline | undefined>(
  likelihood: Likelihood<F, never>,
  { baseline }: BaselineOptions<B>,
): Likelihood<F, BaselineName<B>> {
  // The names follow from whether the option is there, which TypeScript does not follow through the branch.
  return (baseline === undefined
    ? likelihood
    : shifted(likelihood, baselineTensor(baseline))) as unknown as Likelihood<F, BaselineName<B>>;
}

function shifted<F extends string>(
  likelihood: Likelihood<F, never>,
  baseline: Tensor,
): Likelihood<F, 'baseline'> {
  const { family, exactResidual, curvature, requireData, natural, dualValue } = likelihood;
  const shift = (eta: Tensor): Tensor => {
    requireBroadcast('baseline', baseline, requireSignal('eta', eta).shape, 'the signal');
    return tf.add(eta, baseline);
  };
  const of = (f: (eta: Tensor) => Tensor) => (eta: Tensor) => tf.tidy(() => f(shift(eta)));
  const ofBoth = (f: (y: Tensor, eta: Tensor) => Tensor) => (y: Tensor, eta: Tensor) =>
    tf.tidy(() => f(y, shift(eta)));
  return Object.freeze({
    family,
    parameters: Object.freeze({ baseline }),
    exactResidual,
    curvature,
    ...(natural && { natural: of(natural) }),
    mean: of(likelihood.mean),
    variance: of(likelihood.variance),
    logPartition: of(likelihood.logPartition),
    negLogLik: ofBoth(likelihood.negLogLik),
    residual: ofBoth(likelihood.residual),
    deviance: ofBoth(likelihood.deviance),
    sample: async (eta: Tensor, random: Random) => {
      const sum = tf.tidy(() => shift(eta));
      try {
        return await likelihood.sample(sum, random);
      } finally {
        sum.dispose();
      }
    },
    /** The dual value without the baseline, less ⟨θ, baseline⟩: inf over η of f(η + a) + ⟨θ, η⟩. */
    ...(dualValue && {
      dualValue: (y: Tensor, theta: Tensor) =>
        tf.tidy(() => {
          requireBroadcast('baseline', baseline, requireSignal('theta', theta).shape, 'the signal');
          return tf.sub(dualValue(y, theta), perExample(tf.mul(theta, baseline)));
        }),
    }),
    ...(requireData && { requireData }),
    with: (parameters: { readonly baseline: Tensor }) => shifted(likelihood, parameters.baseline),
  });
}

function baselineTensor(baseline: Baseline): Tensor {
  if (baseline instanceof tf.Tensor) {
    requireFloat('baseline', baseline);
    return baseline;
  }
  if (typeof baseline === 'number') {
    requireAllFinite('baseline', [baseline]);
    return tf.scalar(baseline);
  }
  if ((!Array.isArray(baseline) && !(baseline instanceof Float32Array)) || baseline.length === 0) {
    refuse('baseline', baseline, 'a number, an array of numbers or a float32 tensor');
  }
  requireAllFinite('baseline', baseline);
  return tf.tensor1d(Float32Array.from(baseline));
}

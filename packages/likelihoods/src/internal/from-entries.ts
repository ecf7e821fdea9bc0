import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Likelihood, Random } from '@unrolled/contracts';
import { perExample, requireSameShape, requireSignal } from './signals.ts';

/** A family whose entries are independent: what it is of one entry, on tensors of any shape. */
export interface Family<F extends string> {
  readonly family: F;
  /** Default true. */
  readonly exactResidual?: boolean;
  readonly curvature: number;
  readonly natural?: (eta: Tensor) => Tensor;
  readonly mean: (eta: Tensor) => Tensor;
  readonly variance: (eta: Tensor) => Tensor;
  readonly logPartition: (eta: Tensor) => Tensor;
  /** −log p(y | η) of every entry, up to what does not depend on η. */
  readonly loss: (y: Tensor, eta: Tensor) => Tensor;
  readonly residual: (y: Tensor, eta: Tensor) => Tensor;
  /** The deviance of every entry, but for its rounding. */
  readonly deviance: (y: Tensor, eta: Tensor) => Tensor;
  /** One draw of an entry of this mean. */
  readonly draw: (mean: number, random: Random) => number;
  readonly requireData: (name: string, values: ArrayLike<number>) => void;
}

/** The likelihood of signals whose entries are those of a family: checks what it is given, sums over entries, tidies up. */
export function fromEntries<F extends string>(family: Family<F>): Likelihood<F, never> {
  const of = (f: (eta: Tensor) => Tensor) => (eta: Tensor) => tf.tidy(() => f(requireSignal('eta', eta)));
  const ofBoth = (f: (y: Tensor, eta: Tensor) => Tensor) => (y: Tensor, eta: Tensor) =>
    tf.tidy(() => {
      requireSameShape('eta', y, eta);
      return f(y, eta);
    });
  const mean = of(family.mean);
  const likelihood: Likelihood<F, never> = Object.freeze({
    family: family.family,
    parameters: Object.freeze({}),
    exactResidual: family.exactResidual ?? true,
    curvature: family.curvature,
    ...(family.natural && { natural: of(family.natural) }),
    mean,
    variance: of(family.variance),
    logPartition: of(family.logPartition),
    negLogLik: ofBoth((y, eta) => perExample(family.loss(y, eta))),
    residual: ofBoth(family.residual),
    // Rounding must not make it negative: it is a sum of terms ≥ 0.
    deviance: ofBoth((y, eta) => perExample(tf.relu(family.deviance(y, eta)))),
    sample: async (eta: Tensor, random: Random) => {
      const means = mean(eta);
      try {
        const draws = Float32Array.from(await means.data(), (entry) => family.draw(entry, random));
        return tf.tensor(draws, eta.shape);
      } finally {
        means.dispose();
      }
    },
    requireData: family.requireData,
    with: () => likelihood,
  });
  return likelihood;
}

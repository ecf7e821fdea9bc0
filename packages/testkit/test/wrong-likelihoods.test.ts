import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { type Likelihood, random, refuse } from '@unrolled/contracts';
import { beforeAll, expect, it } from 'vitest';
import { conform, likelihoodLaws } from '../src/index.ts';
import { altered, gaussian, poisson } from './subjects.ts';

beforeAll(() => useBackend('wasm'));

const wrong = (change: (right: Likelihood) => Partial<Likelihood>) => () => ({
  likelihood: altered(poisson(tf.tensor([0.5, 0, -0.2, 0.1, 0.3])) as Likelihood, change),
  signalShape: [2, 5],
});
const wrongGaussian = (change: (right: Likelihood) => Partial<Likelihood>) => () => ({
  likelihood: altered(gaussian() as unknown as Likelihood, change),
  signalShape: [2, 5],
});

it.each([
  [
    'the residual has the wrong sign',
    'residual',
    wrong((right) => ({ residual: (y, eta) => tf.tidy(() => tf.neg(right.residual(y, eta))) })),
  ],
  [
    'the loss is a factor 2 too large',
    'loss',
    wrong((right) => ({ negLogLik: (y, eta) => tf.tidy(() => tf.mul(2, right.negLogLik(y, eta))) })),
  ],
  [
    'the deviance lacks its factor 2',
    'deviance',
    wrong((right) => ({ deviance: (y, eta) => tf.tidy(() => tf.div(right.deviance(y, eta), 2)) })),
  ],
  ['the mean forgets the baseline', 'mean', wrong(() => ({ mean: (eta) => tf.exp(eta) }))],
  [
    'the mean overflows',
    'finite',
    wrong(({ parameters }) => ({
      mean: (eta) => tf.tidy(() => tf.exp(tf.add(eta, parameters['baseline']!))),
    })),
  ],
  [
    'a bounded residual is never the exact one',
    'working residual',
    wrong((right) => ({
      exactResidual: false,
      residual: (y, eta) => tf.tidy(() => tf.div(right.residual(y, eta), 2)),
    })),
  ],
  [
    'a natural parameter is given that is not that of the loss',
    'loss',
    wrong(() => ({ natural: (eta) => tf.tidy(() => tf.mul(2, eta)) })),
  ],
  [
    'its own samples are no data',
    'data',
    wrong(() => ({ requireData: (name) => refuse(name, 1, 'other data') })),
  ],
  ['NaN is data', 'data', wrong(() => ({ requireData: () => {} }))],
  [
    'the variance is a deviation',
    'variance',
    wrong((right) => ({ variance: (eta) => tf.tidy(() => tf.sqrt(right.variance(eta))) })),
  ],
  ['the curvature is no bound', 'curvature', wrong(() => ({ curvature: 1 }))],
  ['the curvature is ten times what is needed', 'curvature', wrongGaussian(() => ({ curvature: 10 }))],
  [
    'the sampler draws with twice the deviation',
    'sampler',
    wrongGaussian(() => ({
      sample: async (eta, source) =>
        tf.tensor(
          Float32Array.from(await eta.data(), (mean) => source.normal(mean, 2)),
          eta.shape,
        ),
    })),
  ],
  [
    'the sampler has numbers of its own',
    'sampler',
    wrongGaussian(() => {
      const own = random(0);
      return {
        sample: async (eta) =>
          tf.tensor(
            Float32Array.from(await eta.data(), (mean) => own.normal(mean)),
            eta.shape,
          ),
      };
    }),
  ],
  [
    'the dual value has another sign of θ',
    'dual value',
    wrongGaussian((right) => ({
      dualValue: (y, theta) => tf.tidy(() => right.dualValue!(y, tf.neg(theta))),
    })),
  ],
  [
    'the loss is a mean over the batch',
    'shapes',
    wrongGaussian((right) => ({ negLogLik: (y, eta) => tf.tidy(() => tf.mean(right.negLogLik(y, eta))) })),
  ],
  [
    'the residual leaks a tensor',
    'no tensor left behind',
    wrongGaussian((right) => ({
      residual: (y, eta) => {
        tf.neg(y);
        return right.residual(y, eta);
      },
    })),
  ],
  ['the mean is η itself', 'fresh results', wrongGaussian(() => ({ mean: (eta) => eta }))],
  [
    'the baseline gets no gradient',
    'gradients',
    wrong((right) => ({
      residual: (y, eta) =>
        tf.tidy(() => {
          const still = tf.customGrad(() => ({ value: right.residual(y, eta), gradFunc: () => [] }))();
          return tf.add(still, tf.mul(0, eta));
        }),
    })),
  ],
] as const)('names the law that a likelihood breaks where %s', async (_description, law, make) => {
  const { broken } = await conform(likelihoodLaws, make);
  expect(broken.map((one) => one.law)).toContain(law);
});

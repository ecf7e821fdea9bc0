import * as tf from '@tensorflow/tfjs-core';
import { useBackend, valueAndGradients } from '@unrolled/backend';
import { type Likelihood, random } from '@unrolled/contracts';
import * as likelihoods from '@unrolled/likelihoods';
import { conv2d } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { fista, ista } from '@unrolled/solvers';
import { beforeAll, describe, expect, it } from 'vitest';
import * as families from '../../likelihoods/test/reference/families.ts';
import { lasso, reconstruction, unroll } from '../src/index.ts';
import { relative } from './dense-autoencoder.ts';
import { type ImageOptions, imageAutoencoder } from './reference/image-autoencoder.ts';

beforeAll(() => useBackend('wasm'));

/** A likelihood on the device and in float64, and the network around it. */
interface Case extends Omit<ImageOptions, 'baseline' | 'weights' | 'step' | 'channels' | 'atoms'> {
  readonly name: string;
  readonly likelihood: (baseline: tf.Tensor) => Likelihood;
}

const image = { image: [9, 10], filter: [3, 4], stride: [2, 3] } as const;
const base = { ...image, layers: 8, momentum: true, nonNegative: true, penalised: false };
const cases: readonly Case[] = [
  {
    ...base,
    name: 'gaussian, two-sided, 12 layers',
    likelihood: (baseline) => likelihoods.gaussian({ baseline }),
    family: families.gaussian,
    layers: 12,
    nonNegative: false,
  },
  {
    ...base,
    name: 'gaussian, stride 1, no momentum',
    likelihood: (baseline) => likelihoods.gaussian({ baseline }),
    family: families.gaussian,
    image: [6, 7],
    stride: [1, 1],
    momentum: false,
  },
  {
    ...base,
    name: 'gaussian, a stride along one axis alone',
    likelihood: (baseline) => likelihoods.gaussian({ baseline }),
    family: families.gaussian,
    stride: [1, 3],
  },
  {
    ...base,
    name: 'gaussian, a stride longer than the atom',
    likelihood: (baseline) => likelihoods.gaussian({ baseline }),
    family: families.gaussian,
    image: [8, 9],
    filter: [2, 3],
    stride: [3, 2],
  },
  {
    ...base,
    name: 'gaussian, stride 3, the lasso loss',
    likelihood: (baseline) => likelihoods.gaussian({ baseline }),
    family: families.gaussian,
    stride: [3, 3],
    penalised: true,
  },
  {
    ...base,
    name: 'poisson',
    likelihood: (baseline) => likelihoods.poisson({ baseline }),
    family: families.poisson,
  },
  {
    ...base,
    name: 'poisson with a peak, the lasso loss',
    likelihood: (baseline) => likelihoods.poisson({ baseline, peak: 2 }),
    family: families.poisson,
    working: families.bounded(families.poisson, 2),
    penalised: true,
  },
  {
    ...base,
    name: 'binomial, two-sided',
    likelihood: (baseline) => likelihoods.binomial({ trials: 10, baseline }),
    family: families.binomial(10),
    nonNegative: false,
  },
  {
    ...base,
    name: 'negative binomial',
    likelihood: (baseline) => likelihoods.negativeBinomial({ dispersion: 0.5, baseline }),
    family: families.negativeBinomial(0.5),
  },
  {
    ...base,
    name: 'gamma, no momentum',
    likelihood: (baseline) => likelihoods.gamma({ shape: 2, baseline }),
    family: families.gamma(2),
    momentum: false,
  },
];

/** Numbers that float32 has exactly: what the device and the reference both work with. */
function instance({ name: _, likelihood, ...sizes }: Case) {
  const draw = random(11);
  const [channels, atoms] = [2, 3];
  const filters = Float32Array.from({ length: sizes.filter[0] * sizes.filter[1] * channels * atoms }, () =>
    draw.normal(0, 0.4),
  );
  const pixels = sizes.image[0] * sizes.image[1] * channels;
  const data = sizes.family.data;
  const y = Float32Array.from({ length: pixels }, () => data[draw.integer(data.length - 1)]!);
  const options: ImageOptions = {
    ...sizes,
    channels,
    atoms,
    baseline: 0.25,
    weights: [0.25, 0.5, 0.375],
    step: 1 / 32,
  };
  return { options, filters, y };
}

describe.each(cases)('a tied auto-encoder of images: $name', (one) => {
  it('has in float64 the gradients of its recursion, by finite differences (O-20)', () => {
    const { options, filters, y } = instance(one);
    const exact = Float64Array.from(filters);
    const data = Float64Array.from(y);
    const found = imageAutoencoder(data, exact, options);
    // Along one direction of everything that is trained. Truncation h² = 1e-12, rounding 1e-16·ℓ/h = 1e-8 of a slope of some tens; the
    // step is so short that it takes no pre-activation across its threshold.
    const h = 1e-6;
    const draw = random(5);
    const direction = {
      filters: exact.map(() => draw.normal()),
      weights: options.weights.map(() => draw.normal()),
      baseline: draw.normal(),
    };
    const at = (t: number): number =>
      imageAutoencoder(
        data,
        exact.map((value, i) => value + t * direction.filters[i]!),
        {
          ...options,
          weights: options.weights.map((value, i) => value + t * direction.weights[i]!),
          baseline: options.baseline + t * direction.baseline,
        },
      ).loss;
    const difference = (at(h) - at(-h)) / (2 * h);
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
      Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
    const slope =
      dot(found.filters, direction.filters) +
      dot(found.weights, direction.weights) +
      found.baseline * direction.baseline;
    expect(Math.abs(difference / slope - 1)).toBeLessThan(1e-6);
  });

  it('has on the device the gradients of that recursion (O-5)', async () => {
    const { options, filters, y } = instance(one);
    const expected = imageAutoencoder(Float64Array.from(y), filters, options);
    const { filter, channels, atoms, stride, layers, step, momentum, nonNegative } = options;
    const problem = {
      operator: conv2d(tf.tensor4d(filters, [...filter, channels, atoms]), { stride }),
      prior: l1([...options.weights], { nonNegative }),
      likelihood: one.likelihood(tf.scalar(options.baseline)),
    };
    const network = await unroll(momentum ? fista(problem, { step }) : ista(problem, { step }), { layers });
    const signal = tf.tensor4d(y, [1, ...options.image, channels]);
    const names = ['operator.filters', 'prior.weight', 'likelihood.baseline'] as const;
    const loss = options.penalised ? lasso() : reconstruction();
    const { value, gradients } = valueAndGradients(
      () => loss(network, signal),
      names.map((name) => network.variables[name]!),
    );
    // Float32 against float64: 6e-8 a rounding, some hundred operations deep, and no ReLU that rounding could flip.
    expect(expected.closest).toBeGreaterThan(1e-6);
    const [seen, toWeights, toBaseline] = gradients.map((gradient) => gradient!.dataSync());
    expect(relative(seen!, expected.filters)).toBeLessThan(1e-4);
    expect(relative(toWeights!, expected.weights)).toBeLessThan(1e-4);
    expect(relative(toBaseline!, Float64Array.of(expected.baseline))).toBeLessThan(1e-4);
    tf.dispose([value, signal, ...gradients.map((gradient) => gradient!)]);
    network.dispose();
  });
});

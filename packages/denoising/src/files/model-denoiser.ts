import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Likelihood, type Network, requirePositive, UnrolledError } from '@unrolled/contracts';
import { dcea } from '@unrolled/dcea';
import { gaussian, poisson } from '@unrolled/likelihoods';
import { l1 } from '@unrolled/prox';
import { nesterovMomentum } from '@unrolled/solvers';
import { loadNetwork } from '@unrolled/unroll';
import { type Denoiser, makeDenoiser } from '../denoiser/denoiser.ts';
import type { Noise } from '../noise/noise.ts';
import { shotNoise } from '../noise/shot-noise.ts';
import { whiteNoise } from '../noise/white-noise.ts';
import type { ModelDescription } from './description.ts';
import type { ModelParameters } from './parameters.ts';

/** A denoiser that a file can hold. */
export interface ModelDenoiser extends Denoiser {
  readonly description: ModelDescription;
}

/**
 * The denoiser of a description and its parameters. The network is the iteration that they say and nothing besides:
 *
 *     x_t = R_{αb}( z_{t−1} + α W_eᵀ residual(y, H z_{t−1}) ),    η = W_d x_T
 *
 * with α = `step` and b = `prior.weight` as they are, negative ones included. It learns what it has: filters, weights, and a baseline.
 *
 * @param noise what it was trained under where the description does not say
 */
export async function modelDenoiser(
  description: ModelDescription,
  parameters: ModelParameters,
  noise?: Noise,
): Promise<ModelDenoiser> {
  const trained = noiseOf(description, noise);
  const given = tensorsOf(parameters);
  try {
    const network = await networkOf(description, given);
    loadNetwork(network, parameters);
    const denoiser = makeDenoiser({ network, shiftAverage: description.shiftAverage, noise: trained });
    return Object.freeze<ModelDenoiser>({ ...denoiser, description });
  } finally {
    tf.dispose(given);
  }
}

async function networkOf(
  { layers, stride, prior, momentum, likelihood, peak }: ModelDescription,
  tensors: { readonly [name: string]: Tensor },
): Promise<Network> {
  const baseline = tensors['likelihood.baseline'];
  const families: { readonly [F in ModelDescription['likelihood']]: () => Likelihood } = {
    gaussian: () => gaussian(baseline ? { baseline } : {}),
    poisson: () => poisson({ ...(baseline && { baseline }), ...(peak !== undefined && { peak }) }),
  };
  const untied = tensors['analysis.filters'] !== undefined;
  const [step] = await tensors['step']!.data();
  return dcea({
    filters: tensors['operator.filters']!,
    // A tensor, whose values may be negative.
    prior: l1(tensors['prior.weight']!, { nonNegative: prior === 'nonNegativeL1' }),
    likelihood: families[likelihood](),
    layers,
    stride,
    norms: 'free',
    weights: untied ? 'untied' : 'tied',
    step: requirePositive('step', step!),
    ...(momentum === 'nesterov' && { momentum: nesterovMomentum }),
    train: [
      'operator.filters',
      'prior.weight',
      ...(untied ? ['analysis.filters' as const] : []),
      ...(baseline ? ['likelihood.baseline' as const] : []),
    ] as never,
  }) as unknown as Promise<Network>;
}

/** The noise that a description names, of the level of another where it leaves that open. */
function noiseOf({ likelihood, peak, deviation, centred }: ModelDescription, other?: Noise): Noise {
  const [field, level] = likelihood === 'poisson' ? ['peak', peak] : ['deviation', deviation];
  const trained = level ?? other?.level;
  if (trained === undefined) {
    throw new UnrolledError(
      'INVALID_FILE',
      `metadata: expected ${field}, the level of the noise that it was trained under, or an option noise that says it`,
    );
  }
  return likelihood === 'poisson' ? shotNoise(trained) : whiteNoise(trained, { centred });
}

function tensorsOf(parameters: ModelParameters): { readonly [name: string]: Tensor } {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]),
  );
}

import * as tf from '@tensorflow/tfjs-core';
import type { Likelihood, Random } from '@unrolled/contracts';
import type { Subject } from '../conform.ts';
import { type HostTensor, read, sizeOf } from '../shared/host.ts';
import { type Kind, type Operation, withInputs } from '../shared/operation.ts';

/** A likelihood to be examined. */
export interface LikelihoodSubject extends Subject {
  readonly likelihood: Likelihood;
  /** The shape of a signal, batch first. A batch of at least 2 and few numbers are best. */
  readonly signalShape: readonly number[];
  /** Draws a natural parameter of its domain. Default: standard normal. */
  readonly eta?: (random: Random) => number;
  /** Draws of the sampler for its moments. Default 4000. */
  readonly draws?: number;
}

export function drawEta(subject: LikelihoodSubject, random: Random): HostTensor {
  const { signalShape, eta = (source: Random) => source.normal() } = subject;
  return {
    shape: signalShape,
    values: Float32Array.from({ length: sizeOf(signalShape) }, () => eta(random)),
  };
}

/** Data that the likelihood itself might have produced, so that it is of its domain (counts, rates, …). */
export async function drawSignal(
  { likelihood }: LikelihoodSubject,
  eta: HostTensor,
  random: Random,
): Promise<HostTensor> {
  return withInputs({ eta }, async (tensors) => {
    const sample = await likelihood.sample(tensors['eta']!, random);
    try {
      return await read(() => tf.clone(sample));
    } finally {
      sample.dispose();
    }
  });
}

/** The functions of η alone, and those of (y, η), by name. */
type OfEta = 'mean' | 'variance' | 'logPartition' | 'natural';
type OfBoth = 'negLogLik' | 'residual' | 'deviance';

export function ofEta(likelihood: Likelihood, name: OfEta, eta: HostTensor): Promise<HostTensor> {
  return withInputs({ eta }, (tensors) => read(() => entriesOf(likelihood, name)(tensors['eta']!)));
}

/** One of the functions of η; the natural parameter is η itself where a likelihood does not say otherwise. */
function entriesOf(likelihood: Likelihood, name: OfEta): (eta: tf.Tensor) => tf.Tensor {
  if (name !== 'natural') return likelihood[name];
  return likelihood.natural ?? ((eta) => tf.clone(eta));
}

export function ofBoth(
  likelihood: Likelihood,
  name: OfBoth,
  y: HostTensor,
  eta: HostTensor,
): Promise<HostTensor> {
  return withInputs({ y, eta }, (tensors) => read(() => likelihood[name](tensors['y']!, tensors['eta']!)));
}

/** The mean of a count is the exponential of η, which overflows early: at 300 as at 30. */
const LARGE = 300;

/** Zeros are data: where they are not, the deviance from them is ∞. */
function takesZero({ requireData }: Likelihood): boolean {
  try {
    requireData?.('y', [0]);
    return true;
  } catch {
    return false;
  }
}

export const likelihoodKind: Kind<LikelihoodSubject, Likelihood> = {
  part: ({ likelihood }) => likelihood,
  async operations(subject, random) {
    const eta = drawEta(subject, random);
    const y = await drawSignal(subject, eta, random);
    const single = (name: OfEta, differentiable: boolean): Operation<Likelihood> => ({
      name: `${name}(η)`,
      inputs: { eta },
      run: (part, inputs) => entriesOf(part, name)(inputs['eta']!),
      differentiable,
      large: LARGE,
    });
    const both = (name: OfBoth, differentiable: boolean): Operation<Likelihood> => ({
      name: `${name}(y, η)`,
      inputs: { y, eta },
      run: (part, inputs) => part[name](inputs['y']!, inputs['eta']!),
      differentiable,
      large: LARGE,
      extended: name === 'deviance' && !takesZero(subject.likelihood),
    });
    return [
      single('mean', true),
      single('variance', false),
      single('logPartition', false),
      ...(subject.likelihood.natural ? [single('natural', false)] : []),
      both('negLogLik', true),
      both('residual', true),
      both('deviance', false),
    ];
  },
};

import * as tf from '@tensorflow/tfjs-core';
import { type Network, random } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { conv1d, unitSphere } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { fista } from '@unrolled/solvers';
import {
  adam,
  networkArrays,
  reconstruction,
  type TrainingEvent,
  type TrainOptions,
  unroll,
} from '../src/index.ts';

const length = 7;
const time = 40;

/** A small convolutional network, the same for every call with a seed. */
export async function makeNetwork(seed = 1): Promise<Network> {
  const draw = random(seed);
  const filters = tf.tidy(() =>
    unitSphere(
      tf.tensor3d(
        Float32Array.from({ length: length * 2 }, () => draw.normal()),
        [length, 1, 2],
      ),
    ),
  );
  const operator = conv1d(filters);
  const prior = l1(0.05, { nonNegative: true });
  const network = await unroll(fista({ operator, prior, likelihood: gaussian() }), {
    layers: 8,
    train: ['operator.filters'],
    constraints: { 'operator.filters': unitSphere },
  });
  tf.dispose([filters, prior.parameters]);
  return network as unknown as Network;
}

/** Thirty-two windows of two bumps at random places. */
export function makeExamples(): tf.Tensor {
  const draw = random(2);
  const values = new Float32Array(32 * time);
  for (let example = 0; example < 32; example++) {
    for (const width of [0.8, 1.8]) {
      const place = draw.integer(time - length);
      for (let k = 0; k < length; k++)
        values[example * time + place + k]! += 3 * Math.exp(-(((k - 3) / width) ** 2)) * (width < 1 ? -1 : 1);
    }
  }
  return tf.tensor3d(values, [32, time, 1]);
}

export function makeOptions(options: Partial<TrainOptions> & { epochs: number }): TrainOptions {
  const stage = {
    name: 'filters',
    train: ['operator.filters'],
    loss: reconstruction(),
    optimizer: adam({ rate: 0.03 }),
  };
  return { stages: [stage], batchSize: 8, ...options };
}

/** Every parameter of a network, number by number. */
export const bits = async (network: Network) => {
  const arrays = await networkArrays(network);
  return Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, Array.from(data)]));
};

export async function collect(events: AsyncIterable<TrainingEvent>): Promise<TrainingEvent[]> {
  const all: TrainingEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

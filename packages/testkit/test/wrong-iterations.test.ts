import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import type { Iteration, Layer, Named } from '@unrolled/contracts';
import { beforeAll, expect, it } from 'vitest';
import { conform, iterationLaws } from '../src/index.ts';
import { dense, gaussian, ista, normalTensor, softThreshold } from './subjects.ts';

beforeAll(() => useBackend('wasm'));

const wrong = (change: (right: Iteration) => Partial<Iteration>) => () => {
  const right = ista({
    operator: dense(normalTensor([8, 5], 3)),
    prior: softThreshold(tf.scalar(0.3)),
    likelihood: gaussian(),
  });
  return { iteration: { ...right, ...change(right) } as Iteration, signalShape: [3, 8] };
};
/** Another step around the right one. */
const wrongStep = (change: (layer: Layer, state: Named, t: number, parameters: Named) => Named) =>
  wrong((right) => ({
    bind: (parameters, y) => {
      const layer = right.bind(parameters, y);
      return { start: () => layer.start(), step: (state, t) => change(layer, state, t, parameters) };
    },
  }));

it.each([
  [
    'the gradient has the wrong sign',
    'optimality',
    wrong((right) => ({
      bind: (parameters, y) => right.bind({ ...parameters, step: tf.neg(parameters['step']!) }, y),
    })),
  ],
  [
    'the step is three times too long',
    'optimality',
    wrong((right) => ({
      bind: (parameters, y) => right.bind({ ...parameters, step: tf.mul(3, parameters['step']!) }, y),
    })),
  ],
  [
    'the weight is ignored',
    'every parameter counts',
    wrong((right) => ({
      bind: (parameters, y) =>
        right.bind({ ...parameters, 'prior.weight': right.problem.prior.parameters['weight']! }, y),
    })),
  ],
  [
    'the threshold is a factor 2 too large',
    'optimality',
    wrong((right) => ({
      bind: (parameters, y) =>
        right.bind({ ...parameters, 'prior.weight': tf.mul(2, parameters['prior.weight']!) }, y),
    })),
  ],
  [
    'the state is changed in place',
    'no tensor left behind',
    wrongStep((layer, state, t) => ({ ...layer.step(state, t), x: state['x']! })),
  ],
  [
    'the step leaks a tensor',
    'no tensor left behind',
    wrongStep((layer, state, t) => {
      tf.square(state['x']!);
      return layer.step(state, t);
    }),
  ],
  [
    'the step counts its own calls',
    'pure steps',
    (() => {
      let calls = 0;
      return wrongStep((layer, state, t) => {
        const next = layer.step(state, t);
        return { x: tf.tidy(() => tf.add(next['x']!, 1e-4 * Math.sin(calls++))) };
      });
    })(),
  ],
  [
    'the step disposes of the state that it was given',
    'pure steps',
    wrongStep((layer, state, t) => {
      const next = layer.step(state, t);
      state['x']!.dispose();
      return next;
    }),
  ],
  [
    'examples see each other',
    'batch independence',
    wrongStep((layer, state, t) => ({
      x: tf.tidy(() => {
        const next = layer.step(state, t)['x']!;
        return tf.add(next, tf.mul(0.05, tf.mean(next, 0, true)));
      }),
    })),
  ],
  [
    'parameters are those of the problem',
    'parameters',
    wrong((right) => ({
      parameters: async () => ({
        ...(await right.parameters()),
        'prior.weight': right.problem.prior.parameters['weight']!,
      }),
    })),
  ],
  [
    'refresh gives a name that is none',
    'refresh',
    wrong((right) => ({
      refresh: async (parameters) => {
        const { step } = await right.refresh!(parameters);
        return { stepp: step! };
      },
    })),
  ],
  [
    'refresh gives half the step',
    'refresh',
    wrong((right) => ({
      refresh: async (parameters) => {
        const { step } = await right.refresh!(parameters);
        const half = tf.div(step!, 2);
        step!.dispose();
        return { step: half };
      },
    })),
  ],
  ['the decoder is the old one', 'decoder', wrong((right) => ({ decoder: () => right.problem.operator }))],
  ['code makes a copy', 'code shape', wrong((right) => ({ code: (state) => tf.clone(right.code(state)) }))],
  [
    'the weight gets no gradient',
    'gradients',
    wrong((right) => ({
      bind: (parameters, y) => {
        const weight = tf.customGrad(() => ({
          value: tf.clone(parameters['prior.weight']!),
          gradFunc: () => [],
        }))();
        return right.bind({ ...parameters, 'prior.weight': weight }, y);
      },
    })),
  ],
] as const)('names the law that an iteration breaks where %s', async (_description, law, make) => {
  const { broken } = await conform(iterationLaws, make);
  expect(broken.map((one) => one.law)).toContain(law);
});

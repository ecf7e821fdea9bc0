import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import type { Network } from '@unrolled/contracts';
import { beforeAll, expect, it } from 'vitest';
import { assertConforms, conform, networkLaws } from '../src/index.ts';
import { dense, gaussian, ista, normalTensor, softThreshold, stacked } from './subjects.ts';

beforeAll(() => useBackend('wasm'));

const make = (change: (right: Network) => Partial<Network>) => async () => {
  const [atoms, weight] = [normalTensor([6, 4], 3), tf.scalar(0.2)];
  const iteration = ista({ operator: dense(atoms), prior: softThreshold(weight), likelihood: gaussian() });
  const parameters = await iteration.parameters();
  const right = stacked(iteration, parameters, 4);
  return {
    network: { ...right, ...change(right) },
    signalShape: [2, 6],
    dispose: () => {
      right.dispose();
      tf.dispose([atoms, weight, parameters]);
    },
  };
};

it('finds nothing wrong with a right network, and leaves nothing behind', async () => {
  const before = tf.memory().numTensors;
  const report = await assertConforms(
    networkLaws,
    make(() => ({})),
  );
  expect(report.passed).toEqual(networkLaws.map(({ name }) => name));
  expect(tf.memory().numTensors).toBe(before);
});

it.each([
  ['decoding gives back the code', 'shapes', make(() => ({ decode: (x) => tf.clone(x) }))],
  [
    'encode leaks a tensor',
    'no tensor left behind',
    make((right) => ({
      encode: (y, options) => {
        tf.square(y);
        return right.encode(y, options);
      },
    })),
  ],
  [
    'encode changes a variable',
    'no tensor left behind',
    make((right) => ({
      encode: (y, options) => {
        const { step } = right.variables;
        tf.tidy(() => step!.assign(tf.mul(step!, 0.999)));
        return right.encode(y, options);
      },
    })),
  ],
  [
    'examples see each other',
    'batch independence',
    make((right) => ({
      encode: (y, options) =>
        tf.tidy(() => right.encode(tf.sub(y, tf.mul(0.1, tf.mean(y, 0, true))), options)),
    })),
  ],
  [
    'gradients go through the decoder alone',
    'gradients',
    make((right) => ({ encode: (y) => right.encode(y, { gradient: { last: 0 } }) })),
  ],
  ['the gradient mode is ignored', 'gradient modes', make((right) => ({ encode: (y) => right.encode(y) }))],
  [
    'trainable are copies',
    'variables',
    make((right) => ({ trainable: right.trainable.map((variable) => tf.variable(variable)) })),
  ],
  ['there is a layer 0', 'variables', make((right) => ({ parameters: () => right.variables }))],
  [
    'the problem is around copies',
    'problem',
    make((right) => ({
      problem: () => {
        const problem = right.problem();
        return {
          ...problem,
          prior: problem.prior.with({ weight: tf.clone(problem.prior.parameters['weight']!) }),
        };
      },
    })),
  ],
  [
    'every refresh shrinks the step',
    'constrain and refresh',
    make((right) => ({
      refresh: async () => {
        const { step } = right.variables;
        tf.tidy(() => step!.assign(tf.mul(step!, 0.9)));
      },
    })),
  ],
  ['dispose forgets the variables', 'dispose', make(() => ({ dispose: () => {} }))],
] as const)('names the law that a network breaks where %s', async (_description, law, subject) => {
  const { broken } = await conform(networkLaws, subject);
  expect(broken.map((one) => one.law)).toContain(law);
});

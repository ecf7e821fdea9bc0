import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import type { Operator } from '@unrolled/contracts';
import { beforeAll, expect, it } from 'vitest';
import { conform, operatorLaws } from '../src/index.ts';
import { altered, convolution, dense, normalTensor } from './subjects.ts';

beforeAll(() => useBackend('wasm'));

const matrix = () => dense(normalTensor([5, 7], 1)) as Operator;
const filters = () => convolution(normalTensor([4, 2, 3], 2)) as Operator;
const wrongMatrix = (change: (right: Operator) => Partial<Operator>) => () => ({
  operator: altered(matrix(), change),
  signalShape: [2, 5],
});
const wrongFilters = (change: (right: Operator) => Partial<Operator>) => () => ({
  operator: altered(filters(), change),
  signalShape: [2, 12, 2],
  looseness: 20,
});
/** Shifts along time by one sample: what comes in at the start is zero. */
const late = (x: tf.Tensor) =>
  tf.tidy(() =>
    tf.concat([tf.zerosLike(tf.slice(x, [0, 0], [-1, 1])), tf.slice(x, [0, 0], [-1, x.shape[1]! - 1])], 1),
  );

it.each([
  [
    'the adjoint has the wrong sign',
    'exact adjoint',
    wrongMatrix((right) => ({ adjoint: (y) => tf.tidy(() => tf.neg(right.adjoint(y))) })),
  ],
  [
    'the adjoint is a factor 2 too large',
    'exact adjoint',
    wrongMatrix((right) => ({ adjoint: (y) => tf.tidy(() => tf.mul(2, right.adjoint(y))) })),
  ],
  [
    'the adjoint is off by one sample',
    'exact adjoint',
    wrongFilters((right) => ({ adjoint: (y) => tf.tidy(() => late(right.adjoint(y))) })),
  ],
  [
    'the last sample of the synthesis is cut off',
    'exact adjoint',
    wrongFilters((right) => ({
      apply: (x) =>
        tf.tidy(() =>
          tf.pad(tf.slice(right.apply(x), [0, 0, 0], [-1, 11, -1]), [
            [0, 0],
            [0, 1],
            [0, 0],
          ]),
        ),
    })),
  ],
  [
    'an offset is added',
    'linearity',
    wrongMatrix((right) => ({ apply: (x) => tf.tidy(() => tf.add(right.apply(x), 3)) })),
  ],
  [
    'the norm bound is half of what it should be',
    'Lipschitz bound',
    wrongMatrix((right) => ({ lipschitz: async () => (await right.lipschitz()) / 2 })),
  ],
  [
    'the norm bound is 100 times what it should be',
    'Lipschitz bound',
    wrongMatrix((right) => ({ lipschitz: async () => (await right.lipschitz()) * 100 })),
  ],
  [
    'codeShape forgets the batch',
    'shapes',
    wrongMatrix((right) => ({ codeShape: (shape) => [2, ...right.codeShape(shape).slice(1)] })),
  ],
  [
    'apply leaks a tensor',
    'no tensor left behind',
    wrongMatrix((right) => ({
      apply: (x) => {
        tf.square(x);
        return right.apply(x);
      },
    })),
  ],
  [
    'apply disposes of its input',
    'inputs unchanged',
    wrongMatrix((right) => ({
      apply: (x) => {
        const result = right.apply(x);
        x.dispose();
        return result;
      },
    })),
  ],
  [
    'the identity gives its input back',
    'fresh results',
    () => {
      const identity: Operator = {
        name: 'identity',
        parameters: {},
        apply: (x) => x,
        adjoint: (y) => tf.clone(y),
        codeShape: (shape) => {
          if (shape.length !== 2) throw new Error('expected [batch, features]');
          return [...shape];
        },
        lipschitz: async () => 1,
        with: () => identity,
      };
      return { operator: identity, signalShape: [2, 5] };
    },
  ],
  [
    'with() ignores what it is given',
    'with',
    () => {
      const right = matrix();
      const operator: Operator = { ...right, with: (parameters) => ({ ...right, parameters }) };
      return { operator, signalShape: [2, 5] };
    },
  ],
  [
    'with() copies what it is given',
    'with',
    () => {
      const right = matrix();
      const operator: Operator = {
        ...right,
        with: (parameters) => right.with({ atoms: tf.clone(parameters['atoms']!) }),
      };
      return { operator, signalShape: [2, 5] };
    },
  ],
  [
    'the filters get no gradient',
    'gradients',
    wrongFilters((right) => ({
      apply: (x) => {
        const operator = right;
        return tf.customGrad((value) => ({
          value: operator.apply(value as tf.Tensor),
          gradFunc: (dy: tf.Tensor) => operator.adjoint(dy),
        }))(x);
      },
    })),
  ],
  [
    'examples are normalised together',
    'batch independence',
    wrongMatrix((right) => ({
      apply: (x) => tf.tidy(() => tf.div(right.apply(x), tf.add(1, tf.max(tf.abs(x))))),
    })),
  ],
] as const)('names the law that an operator breaks where %s', async (_description, law, make) => {
  const { broken } = await conform(operatorLaws, make as () => ReturnType<typeof make>);
  expect(broken.map((one) => one.law)).toContain(law);
});

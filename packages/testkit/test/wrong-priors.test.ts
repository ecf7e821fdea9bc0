import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import type { Prior } from '@unrolled/contracts';
import { beforeAll, expect, it } from 'vitest';
import { conform, priorLaws } from '../src/index.ts';
import { altered, hardThreshold, perExample, softThreshold } from './subjects.ts';

beforeAll(() => useBackend('wasm'));

const wrong = (change: (right: Prior) => Partial<Prior>) => () => ({
  prior: altered(softThreshold(tf.scalar(0.5)) as Prior, change),
  codeShape: [2, 6],
});
const times = (step: number | tf.Tensor, factor: number) =>
  typeof step === 'number' ? step * factor : tf.mul(step, factor);

it.each([
  [
    'prox has the wrong sign',
    'prox minimises',
    wrong((right) => ({ prox: (v, step) => tf.tidy(() => tf.neg(right.prox(v, step))) })),
  ],
  [
    'prox shrinks twice as much',
    'prox minimises',
    wrong((right) => ({ prox: (v, step) => tf.tidy(() => right.prox(v, times(step, 2))) })),
  ],
  [
    'prox ignores the step',
    'prox uses the step',
    wrong((right) => ({
      prox: (v, step) => {
        if (typeof step === 'number' && !(step > 0 && step < 1e9)) throw new Error('step');
        return right.prox(v, 1);
      },
    })),
  ],
  [
    'prox takes a tensor for 1',
    'prox uses the step',
    wrong((right) => ({ prox: (v, step) => right.prox(v, typeof step === 'number' ? step : 1) })),
  ],
  [
    'the value is half of what prox minimises',
    'prox minimises',
    wrong((right) => ({ value: (x) => tf.tidy(() => tf.div(right.value(x), 2)) })),
  ],
  [
    'the value is summed over the batch',
    'shapes',
    wrong((right) => ({ value: (x) => tf.tidy(() => tf.sum(right.value(x))) })),
  ],
  [
    'the value is a mean over the batch',
    'batch independence',
    wrong((right) => ({
      value: (x) => tf.tidy(() => tf.mul(tf.onesLike(right.value(x)), tf.mean(right.value(x)))),
    })),
  ],
  [
    'it says that it is convex and is not',
    'firmly non-expansive',
    () => ({
      prior: altered(hardThreshold(tf.scalar(0.3)) as Prior, () => ({ convex: true })),
      codeShape: [2, 6],
    }),
  ],
  [
    'prox leaks a tensor',
    'no tensor left behind',
    wrong((right) => ({
      prox: (v, step) => {
        tf.abs(v);
        return right.prox(v, step);
      },
    })),
  ],
  [
    'prox gives back its input',
    'fresh results',
    wrong(() => ({ prox: (v) => v, value: (x) => tf.tidy(() => tf.mul(0, perExample(x))) })),
  ],
  [
    'prox disposes of its input',
    'inputs unchanged',
    wrong((right) => ({
      prox: (v, step) => {
        const result = right.prox(v, step);
        v.dispose();
        return result;
      },
    })),
  ],
  [
    'any step is good enough',
    'bad step refused',
    wrong((right) => ({
      prox: (v, step) => right.prox(v, typeof step === 'number' && !(step > 0 && step < 1e9) ? 1 : step),
    })),
  ],
  [
    'the weight gets half its gradient',
    'gradients',
    wrong((right) => ({
      prox: (v, step) =>
        tf.tidy(() => {
          const kept = right.prox(v, step);
          const still = tf.customGrad(() => ({ value: right.prox(v, step), gradFunc: () => [] }))();
          return tf.div(tf.add(kept, still), 2);
        }),
    })),
  ],
  [
    'the violation forgets the weight',
    'violation',
    wrong(() => ({ violation: (_, gradient) => tf.abs(gradient) })),
  ],
  ['the violation is always zero', 'violation', wrong(() => ({ violation: (x) => tf.zerosLike(x) }))],
  [
    'the dual scale is half of what is feasible',
    'dual scale',
    wrong((right) => ({ dualScale: (c) => tf.tidy(() => tf.div(right.dualScale!(c), 2)) })),
  ],
  [
    'the dual scale is infeasible',
    'dual scale',
    wrong((right) => ({ dualScale: (c) => tf.tidy(() => tf.minimum(1, tf.mul(2, right.dualScale!(c)))) })),
  ],
  [
    'the shrinkage forgets the step',
    'shrinkage',
    wrong(() => ({
      shrinkage: () => ({ below: tf.scalar(0.5), above: tf.scalar(0.5), slope: tf.scalar(1) }),
    })),
  ],
  [
    'the shrinkage has no gradient',
    'gradients',
    wrong((right) => ({
      shrinkage: (step) => {
        const still = () =>
          tf.customGrad(() => ({
            value: tf.mul(Object.values(right.parameters)[0]!, step),
            gradFunc: () => [],
          }))();
        return { below: still(), above: still(), slope: tf.scalar(1) };
      },
    })),
  ],
  [
    'zero divided by zero',
    'finite',
    wrong((right) => ({
      prox: (v, step) => tf.tidy(() => tf.mul(right.prox(v, step), tf.div(v, v))),
    })),
  ],
] as const)('names the law that a prior breaks where %s', async (_description, law, make) => {
  const { broken } = await conform(priorLaws, make);
  expect(broken.map((one) => one.law)).toContain(law);
});

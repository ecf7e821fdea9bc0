import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { beforeAll, expect, it } from 'vitest';
import { assertConforms, iterationLaws, likelihoodLaws, operatorLaws, priorLaws } from '../src/index.ts';
import {
  convolution,
  dense,
  gaussian,
  hardThreshold,
  ista,
  normalTensor,
  poisson,
  softThreshold,
  unitBall,
} from './subjects.ts';

beforeAll(() => useBackend('wasm'));

it('finds nothing wrong with right operators', async () => {
  await assertConforms(operatorLaws, () => ({
    operator: dense(normalTensor([5, 7], 1)),
    signalShape: [2, 5],
  }));
  const report = await assertConforms(operatorLaws, () => ({
    operator: convolution(normalTensor([4, 2, 3], 2)),
    signalShape: [2, 12, 2],
    looseness: 20,
  }));
  expect(report.skipped).toEqual(['matrix', 'regularised solve']);
});

it('finds nothing wrong with right priors', async () => {
  const codeShape = [2, 6];
  await assertConforms(priorLaws, () => ({ prior: softThreshold(tf.scalar(0.5)), codeShape }));
  await assertConforms(priorLaws, () => ({
    prior: softThreshold(tf.tensor([0.2, 0.4, 0.6, 0.3, 0.5, 0.1])),
    codeShape,
  }));
  await assertConforms(priorLaws, () => ({ prior: unitBall(), codeShape }));
  await assertConforms(priorLaws, () => ({ prior: hardThreshold(tf.scalar(0.3)), codeShape }));
});

it('finds nothing wrong with right likelihoods', async () => {
  await assertConforms(likelihoodLaws, () => ({ likelihood: gaussian(), signalShape: [2, 5] }));
  await assertConforms(likelihoodLaws, () => ({
    likelihood: poisson(tf.tensor([0.5, 0, -0.2, 0.1, 0.3])),
    signalShape: [2, 5],
  }));
});

it('finds nothing wrong with a right iteration', async () => {
  await assertConforms(iterationLaws, () => ({
    iteration: ista({
      operator: dense(normalTensor([8, 5], 3)),
      prior: softThreshold(tf.scalar(0.3)),
      likelihood: gaussian(),
    }),
    signalShape: [3, 8],
  }));
});

it('leaves no tensor behind, whatever it checks', async () => {
  const before = tf.memory().numTensors;
  await assertConforms(priorLaws, () => ({ prior: softThreshold(tf.scalar(0.5)), codeShape: [2, 6] }));
  expect(tf.memory().numTensors).toBe(before);
});

import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import type { Prior } from '@unrolled/contracts';
import { assertConforms, priorLaws } from '@unrolled/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { backendsHere } from '../../backend/test/support/backends.ts';
import * as prox from '../src/index.ts';
import { dictionary } from './reference/dictionary.ts';
import { normalValues } from './reference/tensors.ts';

/** The shape of a code, how to make the prior, and what laws it is excused from, with the reason. */
type Subject = readonly [codeShape: number[], make: () => Prior, except?: { readonly [law: string]: string }];

const corners = { violation: 'at a corner a gradient far from 0 can be right: simplex.test.ts looks at it' };

/** Every factory of the package, with the shapes and options that it is examined at. */
const subjects: { readonly [name in keyof typeof prox]: readonly Subject[] } = {
  blocks: [
    [
      [2, 5],
      () =>
        prox.blocks([
          { prior: prox.l1(0.4), size: 2 },
          { prior: prox.groupLasso(0.5), size: 3 },
        ]),
    ],
    [
      [2, 2, 4],
      () =>
        prox.blocks([
          { prior: prox.ridge(0.4), size: 1 },
          { prior: prox.simplex(), size: 3 },
        ]),
    ],
  ],
  box: [
    [[2, 5], () => prox.box(-0.5, 0.8)],
    [[2, 4], () => prox.box([-1, 0, -0.3, 0.1], [1, 0.5, 0.3, 0.1])],
  ],
  conjugate: [
    [[2, 5], () => prox.conjugate(prox.l1(0.6))],
    [[2, 5], () => prox.conjugate(prox.elasticNet(0.4, 0.7))],
    [[2, 5], () => prox.conjugate(prox.box(-0.5, 0.8))],
    [[2, 5], () => prox.conjugate(prox.simplex())],
    [[2, 5], () => prox.conjugate(prox.twoSidedGaussian(0.5, 1.5))],
    [[2, 5], () => prox.conjugate(prox.conjugate(prox.ridge(0.5)))],
    [[2, 4], () => prox.conjugate(prox.groupLasso(0.6, { size: 2, nonNegative: true }))],
  ],
  elasticNet: [
    [[2, 5], () => prox.elasticNet(0.4, 0.7)],
    [[2, 3, 2], () => prox.elasticNet([0.2, 0.6], 0.5, { nonNegative: true })],
  ],
  groupLasso: [
    [[2, 6], () => prox.groupLasso(0.6)],
    [[2, 6], () => prox.groupLasso([0.3, 0.5, 1], { size: 2 })],
    [[2, 6], () => prox.groupLasso(0.6, { size: 3, nonNegative: true })],
    [[2, 3, 2], () => prox.groupLasso([0.5, 1], { axes: [1] })],
    [[2, 2, 4], () => prox.groupLasso(0.7, { axes: [1, -1], size: 2 })],
  ],
  l0: [
    [[2, 5], () => prox.l0(0.3)],
    [[2, 3, 2], () => prox.l0([0.2, 0.6])],
  ],
  l1: [
    [[2, 5], () => prox.l1(0.4)],
    [[2, 5], () => prox.l1(0.4, { nonNegative: true })],
    [[2, 3, 2], () => prox.l1([0.2, 0.6])],
    [[2, 3, 2], () => prox.l1([0.2, 0.6], { nonNegative: true })],
  ],
  locality: [
    [
      [2, 5],
      () =>
        prox.locality(0.6).bind!(
          tf.tensor2d(normalValues(6, 1), [2, 3]),
          dictionary(tf.tensor2d(normalValues(15, 2), [3, 5])),
        ),
      { ...corners, 'batch independence': 'it is bound to these examples, one by one: locality.test.ts' },
    ],
  ],
  moreauEnvelope: [
    [[2, 5], () => prox.moreauEnvelope(prox.l1(0.5), 0.6)],
    [[2, 5], () => prox.moreauEnvelope(prox.box(-0.3, 0.4), 0.6)],
    [[2, 5], () => prox.moreauEnvelope(prox.simplex(), 0.6)],
    [[2, 4], () => prox.moreauEnvelope(prox.l0(0.5), 0.6)],
  ],
  ridge: [
    [[2, 5], () => prox.ridge(0.7)],
    [[2, 3, 2], () => prox.ridge([0.2, 3])],
  ],
  scale: [
    [[2, 5], () => prox.scale(prox.l1(0.8), 0.5)],
    [[2, 5], () => prox.scale(prox.ridge(0.8), 2)],
    [[2, 5], () => prox.scale(prox.l0(0.8), 0.5)],
  ],
  signed: [
    [[2, 3], () => prox.signed(prox.l1([0.3, 0.2, 0.5]), [1, -1, 0])],
    [[2, 3, 2], () => prox.signed(prox.elasticNet(0.4, 0.5), [-1, 0])],
    [[2, 4], () => prox.signed(prox.groupLasso(0.5, { size: 2 }), 1)],
  ],
  simplex: [
    [[2, 5], () => prox.simplex(), corners],
    [[2, 1], () => prox.simplex(), corners],
    [[2, 3, 3], () => prox.simplex(), corners],
  ],
  supported: [
    [[2, 4], () => prox.supported(prox.l1(0.4), [1, 0, 1, 1])],
    [[2, 2, 3], () => prox.supported(prox.groupLasso(0.4), tf.tensor2d([[1], [0]]))],
    [[2, 3], () => prox.supported(prox.l1([0.1, 0.3, 0.5], { nonNegative: true }), [1, 1, 0])],
  ],
  topK: [
    [[2, 5], () => prox.topK(prox.l1(0.3), { count: 2 })],
    [[2, 3, 2], () => prox.topK(prox.l1([0.1, 0.4], { nonNegative: true }), { count: 1, axes: [1] })],
    [[2, 2, 3], () => prox.topK(prox.zero(), { count: 4 })],
  ],
  translate: [
    [[2, 5], () => prox.translate(prox.l1(0.5), [0.3, -0.2, 1, 0, -1])],
    [[2, 5], () => prox.translate(prox.simplex(), -0.3), corners],
  ],
  twoSidedGaussian: [
    [[2, 5], () => prox.twoSidedGaussian(1.5, 0.4)],
    [[2, 3, 2], () => prox.twoSidedGaussian([1.5, 0.5], [0.4, 2])],
  ],
  zero: [[[2, 5], () => prox.zero()]],
};

describe.each(await backendsHere(['wasm', 'cpu']))('on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
  });

  describe.each(Object.entries(subjects))('%s', (_, list) => {
    test.each(list.map(([codeShape, make, except = {}], index) => ({ index, codeShape, make, except })))(
      'obeys the laws of priors ($index, codes $codeShape)',
      async ({ codeShape, make, except }) => {
        await assertConforms(priorLaws, () => ({ prior: make(), codeShape }), {
          except: except,
        });
      },
    );
  });
});

test('every export is examined', () => {
  expect(Object.keys(subjects).sort()).toEqual(Object.keys(prox).sort());
});

import type { Prior } from '@unrolled/contracts';
import { assertConforms, priorLaws } from '@unrolled/testkit';
import { describe, expect, test } from 'vitest';
import * as prox from '../src/index.ts';

/** Every factory of the package, with the shapes and options that it is examined at. */
const subjects: { readonly [name in keyof typeof prox]: readonly [codeShape: number[], make: () => Prior][] } = {
  box: [
    [[2, 5], () => prox.box(-0.5, 0.8)],
    [[2, 4], () => prox.box([-1, 0, -0.3, 0.1], [1, 0.5, 0.3, 0.1])],
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
  ridge: [
    [[2, 5], () => prox.ridge(0.7)],
    [[2, 3, 2], () => prox.ridge([0.2, 3])],
  ],
  simplex: [
    [[2, 5], () => prox.simplex()],
    [[2, 1], () => prox.simplex()],
    [[2, 3, 3], () => prox.simplex()],
  ],
  twoSidedGaussian: [
    [[2, 5], () => prox.twoSidedGaussian(1.5, 0.4)],
    [[2, 3, 2], () => prox.twoSidedGaussian([1.5, 0.5], [0.4, 2])],
  ],
  zero: [[[2, 5], () => prox.zero()]],
};

describe.each(Object.entries(subjects))('%s', (_, list) => {
  test.each(list.map(([codeShape, make], index) => ({ index, codeShape, make })))(
    'obeys the laws of priors ($index, codes $codeShape)',
    async ({ codeShape, make }) => {
      await assertConforms(priorLaws, () => ({ prior: make(), codeShape }));
    },
  );
});

test('every export is examined', () => {
  expect(Object.keys(subjects).sort()).toEqual(Object.keys(prox).sort());
});

import { useBackend } from '@unrolled/backend';
import type { Operator } from '@unrolled/contracts';
import { assertConforms, operatorLaws } from '@unrolled/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { backendsHere } from '../../backend/test/support/backends.ts';
import * as operators from '../src/index.ts';
import { normal } from './reference/normal.ts';

const { compose, concatenate, conv1d, conv2d, dense, identity, scaled } = operators;

/** How many times ‖A‖² the bound may be, and the laws that it is excused from, with the reason. */
interface Allowance {
  readonly looseness?: number;
  readonly except?: { readonly [law: string]: string };
}

/** The shape of a signal, and how to make the operator. */
type Subject = readonly [signalShape: number[], make: () => Operator, allowance?: Allowance];

/** A convolution of signals this short is well below its limit for long ones. */
const short = { looseness: 2 };
const anyShape = { except: { shapes: 'it takes signals of every rank: identity.test.ts looks at it' } };
const exact = { looseness: 1.01 };

const subjects: { readonly [name: string]: readonly Subject[] } = {
  compose: [
    // The norm of a product may be well below the product of the norms.
    [[2, 4], () => compose(dense(normal([4, 6])), dense(normal([6, 9], 2))), { looseness: 4 }],
    [[2, 12, 2], () => compose(identity(), conv1d(normal([3, 2, 2]))), short],
  ],
  concatenate: [
    [
      [2, 5],
      () => concatenate([dense(normal([5, 3])), identity([5]), dense(normal([5, 2], 2))]),
      { looseness: 3 },
    ],
    [
      [2, 9, 2],
      () => concatenate([conv1d(normal([3, 2, 2])), conv1d(normal([3, 2, 1], 2))]),
      { looseness: 3 },
    ],
  ],
  conv1d: [
    [[2, 12, 1], () => conv1d(normal([3, 1, 1])), short],
    [[2, 12, 2], () => conv1d(normal([4, 2, 3])), short],
    [[2, 13, 2], () => conv1d(normal([4, 2, 3]), { stride: 3 }), short],
    [[2, 14, 1], () => conv1d(normal([4, 1, 6]), { stride: 2 }), short],
    [[2, 14, 3], () => conv1d(normal([2, 3, 2]), { stride: 4 }), exact],
    [[2, 5, 2], () => conv1d(normal([5, 2, 3])), { looseness: 5 }],
    [[2, 8, 3], () => conv1d(normal([1, 3, 4])), exact],
  ],
  conv2d: [
    [[2, 9, 8, 1], () => conv2d(normal([3, 3, 1, 1])), short],
    [[2, 8, 10, 2], () => conv2d(normal([3, 4, 2, 3])), { looseness: 3 }],
    [[2, 9, 8, 3], () => conv2d(normal([3, 2, 3, 5]), { stride: 2 }), short],
    [[2, 7, 11, 1], () => conv2d(normal([3, 5, 1, 4]), { stride: [1, 3] }), short],
    [[2, 7, 9, 2], () => conv2d(normal([1, 3, 2, 3]), { stride: [2, 3] }), exact],
    [[2, 4, 3, 2], () => conv2d(normal([4, 3, 2, 3])), { looseness: 5 }],
  ],
  dense: [
    [[2, 6], () => dense(normal([6, 4])), exact],
    [[2, 4], () => dense(normal([4, 7])), exact],
    [[2, 1], () => dense(normal([1, 1])), exact],
  ],
  identity: [
    [[2, 6], () => identity(), anyShape],
    [[2, 5, 2], () => identity([5, 2]), exact],
  ],
  scaled: [
    [[2, 6], () => scaled(dense(normal([6, 4])), -1.7), exact],
    [[2, 8, 2], () => scaled(conv1d(normal([3, 2, 2])), 0.3), short],
  ],
};

/** Functions that are no operators have tests of their own. */
const others = [
  'convolution',
  'powerIteration',
  'requireAtoms',
  'spectralFactor',
  'symmetricEigen',
  'unitBall',
  'unitSphere',
];

describe.each(await backendsHere(['wasm', 'cpu']))('on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
  });

  describe.each(Object.entries(subjects))('%s', (_, list) => {
    test.each(
      list.map(([signalShape, make, allowance = {}], index) => ({ index, signalShape, make, ...allowance })),
    )(
      'obeys the laws of operators ($index, signals $signalShape)',
      async ({ signalShape, make, looseness = 2, except = {} }) => {
        const { codeSize, codeShape, grid } = make();
        if (codeSize !== undefined) expect(codeShape(signalShape).at(-1)).toBe(codeSize);
        if (grid) {
          const positions = grid.extent.map(
            (extent, axis) => (signalShape[axis + 1]! - extent) / grid.stride[axis]! + 1,
          );
          expect(codeShape(signalShape).slice(1, -1)).toEqual(positions);
        }
        await assertConforms(operatorLaws, () => ({ operator: make(), signalShape, looseness }), { except });
      },
    );
  });
});

test('every export is examined', () => {
  expect([...Object.keys(subjects), ...others].sort()).toEqual(Object.keys(operators).sort());
});

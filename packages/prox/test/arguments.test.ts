import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { isUnrolledError, type Prior } from '@unrolled/contracts';
import { beforeAll, describe, expect, test } from 'vitest';
import * as prox from '../src/index.ts';
import { row } from './reference/tensors.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

const weighted: { readonly [name: string]: (weight: prox.Weight) => Prior } = {
  l1: (weight) => prox.l1(weight),
  ridge: (weight) => prox.ridge(weight),
  'elasticNet, weight': (weight) => prox.elasticNet(weight, 1),
  'elasticNet, ridge': (weight) => prox.elasticNet(1, weight),
  'twoSidedGaussian, positive': (weight) => prox.twoSidedGaussian(weight, 1),
  'twoSidedGaussian, negative': (weight) => prox.twoSidedGaussian(1, weight),
  l0: (weight) => prox.l0(weight),
  groupLasso: (weight) => prox.groupLasso(weight),
};

const bad: [string, unknown][] = [
  ['a negative number', -0.1],
  ['NaN', Number.NaN],
  ['infinity', Number.POSITIVE_INFINITY],
  ['an empty array', []],
  ['an array with a negative number', [1, -1]],
  ['an array with a NaN', [1, Number.NaN]],
  ['a string', '0.5'],
  ['nothing', undefined],
  ['null', null],
];

describe.each(Object.entries(weighted))('%s', (_, make) => {
  test.each(bad)('refuses %s for a weight', (_name, weight) => {
    expect(refusal(() => make(weight as prox.Weight))).toMatch(
      /^(weight|ridge|positive|negative): expected /,
    );
  });
  test('refuses a tensor of integers', () => {
    expect(refusal(() => make(tf.scalar(1, 'int32')))).toContain('expected a float32 tensor, got int32');
  });
  test('refuses a weight that does not broadcast to the code', () => {
    const prior = make([1, 1, 1]);
    expect(refusal(() => prior.prox(tf.zeros([1, 2]), 1))).toContain(
      'expected a shape that broadcasts to that of the code',
    );
    expect(refusal(() => prior.value(tf.zeros([1, 2])))).toContain('got [3]');
    if (prior.violation) {
      const violation = () => prior.violation!(tf.zeros([1, 2]), tf.zeros([1, 2]));
      expect(refusal(violation)).toContain('expected a shape that broadcasts');
    }
    // It would make the code larger.
    const perExample = make(tf.ones([4, 1]));
    expect(refusal(() => perExample.prox(tf.zeros([1, 2]), 1))).toContain('got [4, 1]');
  });
});

test.each<[string, () => unknown, string]>([
  ['l1, a misspelt option', () => prox.l1(1, { nonnegative: true } as never), 'unknown option "nonnegative"'],
  ['groupLasso, a misspelt option', () => prox.groupLasso(1, { axis: 1 } as never), 'unknown option "axis"'],
  [
    'groupLasso over the batch',
    () => prox.groupLasso(1, { axes: [0] }),
    'axes: expected one or more axes besides the batch',
  ],
  ['groupLasso over nothing', () => prox.groupLasso(1, { axes: [] }), 'axes: expected one or more axes'],
  ['groupLasso of size 0', () => prox.groupLasso(1, { size: 0 }), 'size: expected a whole number ≥ 1'],
  ['groupLasso of a size elsewhere', () => prox.groupLasso(1, { axes: [1], size: 2 }), 'the last axis, −1'],
  [
    'groupLasso, axes that repeat',
    () => prox.groupLasso(1, { axes: [1, -1] }).prox(row(1, 2), 1),
    'axes: expected different axes',
  ],
  [
    'groupLasso, an axis too many',
    () => prox.groupLasso(1, { axes: [2] }).prox(row(1, 2), 1),
    'axes: expected different axes',
  ],
  [
    'groupLasso, a size that does not divide',
    () => prox.groupLasso(1, { size: 2 }).prox(row(1, 2, 3), 1),
    'size: expected a divisor',
  ],
  [
    'twoSidedGaussian of deviation 0',
    () => prox.twoSidedGaussian(0, 1),
    'positive: expected numbers > 0, got 0',
  ],
  ['box upside down', () => prox.box(1, 0), 'upper: expected numbers ≥ lower (1), got 0'],
  ['box upside down at one atom', () => prox.box(0, [1, -1]), 'got -1 at index 1'],
  ['box of two lengths', () => prox.box([0, 0], [1, 1, 1]), 'upper: expected 2 numbers as lower has, got 3'],
  ['box of NaN', () => prox.box(Number.NaN, 1), 'lower: expected numbers, ±∞ included, got NaN'],
  ['scale by 0', () => prox.scale(prox.l1(1), 0), 'factor: expected a number > 0'],
  ['scale by a vector', () => prox.scale(prox.l1(1), tf.ones([2])), 'factor: expected a scalar tensor'],
  ['scale of no prior', () => prox.scale(3 as never, 1), 'prior: expected a prior, got 3'],
  [
    'translate by infinity',
    () => prox.translate(prox.l1(1), Number.POSITIVE_INFINITY),
    'offset: expected finite numbers',
  ],
  [
    'moreauEnvelope of smoothing −1',
    () => prox.moreauEnvelope(prox.l1(1), -1),
    'smoothing: expected a number > 0',
  ],
  [
    'conjugate of l0',
    () => prox.conjugate(prox.l0(1)),
    'prior: expected a convex prior with a conjugateValue, got "l0"',
  ],
  [
    'conjugate of nothing',
    () => prox.conjugate(undefined as never),
    'prior: expected a prior, got undefined',
  ],
  ['blocks of nothing', () => prox.blocks([]), 'parts: expected one or more { prior, size }'],
  [
    'blocks of half an atom',
    () => prox.blocks([{ prior: prox.zero(), size: 0.5 }]),
    'parts[0].size: expected a whole number',
  ],
  [
    'blocks, a misspelt option',
    () => prox.blocks([{ prior: prox.zero(), size: 1, width: 2 } as never]),
    'unknown option "width"',
  ],
  [
    'blocks of a prior that depends on data',
    () => prox.blocks([{ prior: { ...prox.zero(), bind: () => prox.zero() }, size: 1 }]),
    'parts[0].prior: expected a prior that does not depend on the data',
  ],
  [
    'blocks that do not add up',
    () => prox.blocks([{ prior: prox.zero(), size: 3 }]).prox(row(1, 2), 1),
    'v: expected',
  ],
])('refuses %s', (_, call, message) => {
  expect(refusal(call)).toContain(message);
});

const priors: { readonly [name: string]: () => Prior } = {
  box: () => prox.box(0, 1),
  elasticNet: () => prox.elasticNet(1, 1),
  groupLasso: () => prox.groupLasso(1),
  l0: () => prox.l0(1),
  l1: () => prox.l1(1),
  ridge: () => prox.ridge(1),
  simplex: () => prox.simplex(),
  twoSidedGaussian: () => prox.twoSidedGaussian(1, 1),
  zero: () => prox.zero(),
};

describe.each(Object.entries(priors))('%s', (_, make) => {
  test('refuses codes without a batch, of integers, and what is no tensor', () => {
    for (const call of [(v: tf.Tensor) => make().prox(v, 1), (v: tf.Tensor) => make().value(v)]) {
      expect(refusal(() => call(tf.zeros([3])))).toMatch(
        /^[vx]: expected a tensor \[batch, …\], got shape \[3\]$/,
      );
      expect(refusal(() => call(tf.zeros([1, 3], 'int32')))).toContain(
        'expected a float32 tensor, got int32',
      );
      expect(refusal(() => call(undefined as never))).toContain(
        'expected a tensor [batch, …], got undefined',
      );
    }
  });
  test('refuses a step of integers, and a gradient of another shape', () => {
    const prior = make();
    expect(refusal(() => prior.prox(row(1, 2), tf.scalar(1, 'int32')))).toContain(
      'step: expected a float32 tensor',
    );
    if (prior.violation) {
      expect(refusal(() => prior.violation!(row(1, 2), row(1, 2, 3)))).toContain(
        'gradient: expected a tensor of the shape of x',
      );
    }
  });
  test('leaves no tensor where it refuses', () => {
    const prior = make();
    const code = row(1, 2);
    const before = tf.memory().numTensors;
    refusal(() => prior.prox(code, -1));
    refusal(() => prior.prox(code, Number.NaN));
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(prior.parameters);
  });
});

/** The message of the UnrolledError that `call` throws. */
function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (isUnrolledError(error)) return error.message;
    throw error;
  }
  throw new Error('expected an UnrolledError, none was thrown');
}

import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest';
import { elasticNet, l1, ridge, type Sign, signed, supported, topK, zero } from '../src/index.ts';
import { normalValues, read, row } from './reference/tensors.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

const traces = () => tf.tensor3d(normalValues(2 * 6 * 3, 5), [2, 6, 3]);
const nonZeros = (values: ArrayLike<number>): number =>
  Array.from(values).filter((value) => value !== 0).length;

describe('topK', () => {
  test('keeps the largest entries of an example, whatever their sign and place', async () => {
    const prior = topK(zero(), { count: 2 });
    expect(await read(() => prior.prox(row(1, -4, 2, 3), 1))).toEqual([0, -4, 0, 3]);
    // Of equals the first.
    expect(await read(() => prior.prox(row(1, 1, 1, 1), 1))).toEqual([1, 1, 0, 0]);
  });
  test('counts over time for each atom where it is told to', async () => {
    const code = await read(() => topK(zero(), { count: 2, axes: [1] }).prox(traces(), 1));
    const values = await read(traces);
    for (let example = 0; example < 2; example++) {
      for (let atom = 0; atom < 3; atom++) {
        const at = Array.from({ length: 6 }, (_, t) => (example * 6 + t) * 3 + atom);
        const kept = at.filter((index) => code[index] !== 0);
        expect(kept).toHaveLength(2);
        const least = Math.min(...kept.map((index) => Math.abs(values[index]!)));
        for (const index of at) {
          if (kept.includes(index)) expect(code[index]).toBe(values[index]);
          else expect(Math.abs(values[index]!)).toBeLessThan(least);
        }
      }
    }
    expect(nonZeros(await read(() => topK(zero(), { count: 5 }).prox(traces(), 1)))).toBe(2 * 5);
  });
  test('keeps fewer where the prior leaves fewer', async () => {
    expect(await read(() => topK(l1(2), { count: 3 }).prox(row(3, 1, 1), 1))).toEqual([1, 0, 0]);
  });
  test('passes gradients through what it keeps, and to the weight of the prior', async () => {
    const prior = topK(l1(0.5), { count: 1 });
    const slope = tf.grad((v: tf.Tensor) => tf.sum(prior.prox(v, 1)));
    expect(await read(() => slope(row(2, 3, -1)))).toEqual([0, 1, 0]);
    const toWeight = tf.grad((weight: tf.Tensor) => tf.sum(prior.with({ weight }).prox(row(2, 3, -1), 1)));
    expect(await read(() => toWeight(tf.scalar(0.5)))).toEqual([-1]);
  });
  test('is +∞ for codes of more entries', async () => {
    const prior = topK(l1(2), { count: 1 });
    expect(
      await read(() =>
        prior.value(
          tf.tensor2d([
            [0, 3],
            [1, 1],
          ]),
        ),
      ),
    ).toEqual([6, Number.POSITIVE_INFINITY]);
  });
});

describe('supported', () => {
  test('has no code outside the mask, and the prior inside', async () => {
    const mask = tf.tensor2d([
      [1, 0, 0],
      [0, 1, 1],
      [0, 0, 0],
      [1, 1, 1],
      [0, 0, 1],
      [1, 0, 0],
    ]);
    const code = await read(() => supported(l1(0.2), mask).prox(traces(), 0.5));
    const free = await read(() => l1(0.2).prox(traces(), 0.5));
    const ones = await read(() => tf.add(mask, tf.zeros([2, 6, 3])));
    expect(code).toEqual(free.map((value, index) => (ones[index] ? value : 0)));
  });
  test('takes another mask for another batch', async () => {
    const prior = supported(l1(1), [1, 0]);
    expectTypeOf<keyof typeof prior.parameters>().toEqualTypeOf<'mask' | 'weight'>();
    const other = prior.with({
      ...prior.parameters,
      mask: tf.tensor2d([
        [0, 1],
        [1, 1],
      ]),
    });
    expect(
      await read(() =>
        other.prox(
          tf.tensor2d([
            [3, 3],
            [3, 3],
          ]),
          1,
        ),
      ),
    ).toEqual([0, 2, 2, 2]);
  });
  test('has the violation of the prior inside, and none outside', async () => {
    const prior = supported(l1(1), [1, 0, 1]);
    expect(await read(() => prior.violation!(row(1, 0, 0), row(-3, -9, 3)))).toEqual([2, 0, 2]);
    expect(await read(() => prior.value(row(1, 0.5, 0)))).toEqual([Number.POSITIVE_INFINITY]);
  });
});

describe('signed', () => {
  test('with ℓ1 is the one-sided shrinkage, and its mirror image', async () => {
    const v = row(2, -2, 0.2);
    expect(await read(() => signed(l1(0.5), 1).prox(v, 1))).toEqual(
      await read(() => l1(0.5, { nonNegative: true }).prox(v, 1)),
    );
    expect(await read(() => signed(l1(0.5), -1).prox(v, 1))).toEqual([0, -1.5, 0]);
    expect(await read(() => signed(l1(0.5), 0).prox(v, 1))).toEqual(await read(() => l1(0.5).prox(v, 1)));
  });
  test('is decided atom by atom, in a code over time', async () => {
    const signs: readonly Sign[] = [1, -1, 0];
    const code = await read(() => signed(elasticNet(0.1, 0.5), signs).prox(traces(), 1));
    const free = await read(() => elasticNet(0.1, 0.5).prox(traces(), 1));
    for (const [index, value] of code.entries()) {
      const sign = signs[index % 3]!;
      if (sign === 0 || Math.sign(free[index]!) === sign) expect(value).toBe(free[index]);
      else expect(value).toBeCloseTo(0, 12);
    }
  });
  test('asks nothing of a gradient that pulls a zero where it may not go', async () => {
    const prior = signed(l1(1), [1, -1, 0]);
    expect(await read(() => prior.violation!(row(0, 0, 0), row(5, 5, 5)))).toEqual([0, 4, 4]);
    expect(await read(() => prior.violation!(row(0, 0, 0), row(-5, -5, -5)))).toEqual([4, 0, 4]);
  });
  test('keeps the names of the parameters', () => {
    const prior = topK(signed(l1([1, 2]), [1, -1]), { count: 1 });
    expectTypeOf<keyof typeof prior.parameters>().toEqualTypeOf<'weight'>();
    expect(Object.keys(prior.parameters)).toEqual(['weight']);
    expect(signed(ridge(1), 1).shrinkage).toBeDefined();
    expect(topK(l1(1), { count: 1 }).shrinkage).toBeUndefined();
  });
});

describe('refuses', () => {
  test.each<[string, () => unknown, string]>([
    ['no count', () => topK(l1(1), {} as never), 'count: expected a whole number ≥ 1, got undefined'],
    ['a count of 0', () => topK(l1(1), { count: 0 }), 'count: expected a whole number ≥ 1, got 0'],
    [
      'the batch among the axes',
      () => topK(l1(1), { count: 1, axes: [0] }),
      'axes: expected one or more axes',
    ],
    [
      'an axis that is not there',
      () => topK(l1(1), { count: 1, axes: [2] }).prox(row(1, 2), 1),
      'axes of a code of 2',
    ],
    ['more than there are', () => topK(l1(1), { count: 3 }).prox(row(1, 2), 1), 'at most the 2 entries'],
    ['an unknown option', () => topK(l1(1), { count: 1, k: 1 } as never), 'topK: unknown option "k"'],
    ['no prior', () => topK(3 as never, { count: 1 }), 'prior: expected a prior, got 3'],
    ['half a mask', () => supported(l1(1), [1, 0.5]), 'mask: expected zeros and ones, got 0.5 at index 1'],
    [
      'a mask that does not fit',
      () => supported(l1(1), [1, 0, 1]).prox(row(1, 2), 1),
      'mask: expected a shape that',
    ],
    [
      'two masks',
      () => supported(supported(l1(1), [1, 0]), [0, 1]),
      'prior: expected a prior without a mask',
    ],
    [
      'half a sign',
      () => signed(l1(1), [0.5] as never),
      'signs: expected 1, −1 or 0, or one of them an atom',
    ],
    ['no signs', () => signed(l1(1), []), 'signs: expected 1, −1 or 0'],
    [
      'signs of other atoms',
      () => signed(l1(1), [1, 0, 1]).prox(row(1, 2), 1),
      'v: expected codes with a last axis',
    ],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import type { Operator, SolvableOperator } from '@unrolled/contracts';
import { assertConforms, operatorLaws } from '@unrolled/testkit';
import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest';
import { compose, concatenate, conv1d, dense, identity, powerIteration, scaled } from '../src/index.ts';
import { matrixOf, squaredNorm } from './reference/linear-algebra.ts';
import { normal, normalValues } from './reference/normal.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

describe('identity', () => {
  test('takes signals of any shape, or of one', () => {
    expect(identity().codeShape([2, 3])).toEqual([2, 3]);
    expect(identity().codeShape([2, 3, 4, 5])).toEqual([2, 3, 4, 5]);
    expect(identity().codeSize).toBeUndefined();
    expect(identity([4, 3]).codeSize).toBe(3);
    expect(() => identity([4, 3]).codeShape([1, 4])).toThrow('signalShape: expected');
    expect(() => identity([4, 3]).apply(normal([1, 3, 4]))).toThrow('x: expected');
    expect(() => identity().codeShape([3])).toThrow('signalShape: expected');
  });
  test.each([[[]], [[0]], [[1.5]], [[3, Number.NaN]]])('refuses the shape %j', (shape) => {
    expect(() => identity(shape)).toThrow('shape');
  });
});

describe('scaled', () => {
  test('multiplies, and shows its factor as a parameter', async () => {
    const operator = scaled(dense(tf.tensor2d([[1, 2]])), -3);
    expect(Object.keys(operator.parameters)).toEqual(['factor', 'operator.atoms']);
    expect([...(await operator.apply(tf.tensor2d([[1, 1]])).data())]).toEqual([-9]);
    expect(await operator.lipschitz()).toBeCloseTo(45, 3);
    expect(operator.codeSize).toBe(2);
  });
  test('refuses factors that are no finite scalars', async () => {
    const part = identity();
    expect(() => scaled(part, Number.NaN)).toThrow('factor: expected a finite number, got NaN');
    expect(() => scaled(part, tf.zeros([2]))).toThrow('factor: expected a scalar tensor');
    expect(() => scaled(part, tf.scalar(1, 'int32'))).toThrow('factor: expected a float32 tensor');
    await expect(scaled(part, tf.scalar(Number.NaN)).lipschitz()).rejects.toThrow(
      'factor: expected finite numbers',
    );
  });
});

describe('compose', () => {
  test('is the product of the matrices, bounded by the product of the bounds', async () => {
    const operator = compose(dense(normal([3, 5])), dense(normal([5, 4], 2)));
    expect(Object.keys(operator.parameters)).toEqual(['outer.atoms', 'inner.atoms']);
    expect(operator.codeShape([7, 3])).toEqual([7, 4]);
    const product = matrixOf(normalValues([3, 5]), 3, 5).mmul(matrixOf(normalValues([5, 4], 2), 5, 4));
    const x = normalValues([1, 4], 3);
    const expected = product.mmul(matrixOf(x, 4, 1)).to1DArray();
    const seen = await operator.apply(tf.tensor2d(x, [1, 4])).data();
    for (const [i, value] of seen.entries()) expect(value).toBeCloseTo(expected[i]!, 5);
    expect(await operator.lipschitz()).toBeGreaterThanOrEqual(squaredNorm(product));
  });
  test('names parameters by their path, however deep', () => {
    const operator = compose(identity(), compose(scaled(identity(), 2), dense(normal([2, 2]))));
    expect(Object.keys(operator.parameters)).toEqual(['inner.outer.factor', 'inner.inner.atoms']);
  });
});

describe('concatenate', () => {
  test('is the matrix of all atoms side by side', async () => {
    const operator = concatenate([dense(normal([3, 2])), identity([3]), dense(normal([3, 4], 2))]);
    expect(Object.keys(operator.parameters)).toEqual(['0.atoms', '2.atoms']);
    expect(operator.codeShape([7, 3])).toEqual([7, 9]);
    const eye = tf.eye(3) as tf.Tensor;
    const matrix = dense(tf.concat([normal([3, 2]), eye, normal([3, 4], 2)], 1));
    const [x, y] = [normal([2, 9], 3), normal([2, 3], 4)];
    // The same sums, in another order.
    const [seen, expected] = [await operator.apply(x).data(), await matrix.apply(x).data()];
    for (const [i, value] of seen.entries()) expect(value).toBeCloseTo(expected[i]!, 5);
    expect(await operator.adjoint(y).data()).toEqual(await matrix.adjoint(y).data());
    expect(await operator.lipschitz()).toBeGreaterThanOrEqual((await matrix.lipschitz()) * (1 - 1e-5));
  });
  test('of dense parts is dense: a matrix, an exact bound, a regularised solve', async () => {
    const [first, second] = [normal([6, 4]), normal([6, 5], 2)];
    const operator = concatenate([dense(first), dense(second)]);
    expectTypeOf(operator).toExtend<SolvableOperator<'0.atoms' | '1.atoms'>>();
    const whole = dense(tf.concat([first, second], 1));
    const matrix = await operator.matrix();
    expect(await matrix.data()).toEqual(await whole.parameters.atoms.data());
    expect(await operator.lipschitz()).toBe(await whole.lipschitz());
    const [seen, expected] = [await operator.solveRegularized(0.5), await whole.solveRegularized(0.5)];
    expect(await seen.matrix().data()).toEqual(await expected.matrix().data());
    await assertConforms(operatorLaws, () => ({
      operator: concatenate([dense(normal([6, 4])), dense(normal([6, 5], 2))]),
      signalShape: [2, 6],
      looseness: 1.01,
    }));
  });
  test('of dense parts for signals of different sizes has no matrix', async () => {
    const before = tf.memory().numTensors;
    const parts = [dense(normal([6, 4])), dense(normal([5, 4]))];
    await expect(concatenate(parts).matrix()).rejects.toThrow('operators[1]: expected a matrix');
    expect(tf.memory().numTensors).toBe(before + 2);
  });
  test('with a part that is not dense has no matrix, in types and in deed', () => {
    const operator = concatenate([dense(normal([5, 3])), identity([5])]);
    expectTypeOf(operator).not.toExtend<SolvableOperator>();
    expect('matrix' in operator).toBe(false);
  });
  test('knows its parameters’ names as types: a misspelt one does not compile', () => {
    const operator = concatenate([dense(normal([3, 2])), scaled(identity([3]), 2)]);
    expectTypeOf<keyof typeof operator.parameters>().toEqualTypeOf<'0.atoms' | '1.factor'>();
    const deep = compose(dense(normal([3, 3])), operator);
    expectTypeOf<keyof typeof deep.parameters>().toEqualTypeOf<
      'outer.atoms' | 'inner.0.atoms' | 'inner.1.factor'
    >();
    const many = concatenate([2, 3].map((count) => dense(normal([3, count]))));
    expectTypeOf<keyof typeof many.parameters>().toEqualTypeOf<`${number}.atoms`>();
  });
  test('refuses parts whose codes do not lie side by side', () => {
    expect(() => concatenate([])).toThrow('operators: expected one or more operators');
    expect(() => concatenate([dense(normal([3, 2])), identity()])).toThrow(
      'operators[1]: expected an operator that says how wide',
    );
    const operator = concatenate([conv1d(normal([3, 1, 2])), conv1d(normal([5, 1, 2]))]);
    expect(() => operator.codeShape([1, 9, 1])).toThrow('operators[1]: expected codes [1, 7, ·]');
    expect(() => concatenate([dense(normal([3, 2]))]).apply(normal([1, 3]))).toThrow('x: expected');
  });
});

describe('powerIteration', () => {
  const atoms = () => dense(normal([6, 9]));

  test('comes within float32 of the norm, from below', async () => {
    const exact = squaredNorm(matrixOf(normalValues([6, 9]), 6, 9));
    const estimate = await powerIteration(atoms(), [1, 9], { safety: 1 });
    expect(Math.abs(estimate / exact - 1)).toBeLessThan(1e-5);
    expect(await powerIteration(atoms(), [1, 9])).toBeGreaterThan(exact);
  });
  test('finds what a start of ones is orthogonal to', async () => {
    const difference = dense(tf.tensor2d([[1, -1]]));
    expect(await powerIteration(difference, [1, 2], { safety: 1 })).toBeCloseTo(2, 5);
  });
  test('of a zero operator is 0, and leaves no tensor', async () => {
    const zero = dense(tf.zeros([2, 3]));
    const before = tf.memory().numTensors;
    expect(await powerIteration(zero, [1, 3])).toBe(0);
    expect(tf.memory().numTensors).toBe(before);
  });
  const refused: [string, (operator: Operator) => Promise<unknown>, string][] = [
    [
      'few iterations',
      (a) => powerIteration(a, [1, 9], { iterations: 49 }),
      'iterations: expected a whole number ≥ 50',
    ],
    ['a safety below 1', (a) => powerIteration(a, [1, 9], { safety: 0.9 }), 'safety: expected a number ≥ 1'],
    ['a batch', (a) => powerIteration(a, [2, 9]), 'codeShape: expected a batch of 1'],
    ['an empty shape', (a) => powerIteration(a, []), 'codeShape: expected a batch of 1'],
    ['an unknown option', (a) => powerIteration(a, [1, 9], { turns: 3 } as never), 'unknown option "turns"'],
    ['atoms with a NaN', () => powerIteration(dense(tf.tensor2d([[Number.NaN]])), [1, 1]), 'to be finite'],
  ];
  test.each(refused)('refuses %s', async (_, call, message) => {
    await expect(call(atoms())).rejects.toThrow(message);
  });
});

import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { addressOf } from '../src/memory/heap.ts';
import { useBackend } from './support/backends.ts';
import { normal } from './support/tensors.ts';

// What wasm lacks, and what is replaced on it, against tfjs's own cpu kernels: the same code on both backends.

beforeAll(async () => {
  await useBackend('wasm');
});

/** Runs `f` on both backends and compares every tensor that it returns; leaves none behind. */
async function expectSameOnBoth(f: () => Tensor[], tolerance = 1e-5): Promise<readonly ArrayLike<number>[]> {
  const run = async (name: 'cpu' | 'wasm') => {
    await useBackend(name);
    const before = tf.memory().numTensors;
    const results = tf.tidy(f);
    const values = await Promise.all(results.map((result) => result.data<'float32'>()));
    const shapes = results.map(({ shape }) => shape);
    tf.dispose(results);
    expect(tf.memory().numTensors).toBe(before);
    return { values, shapes };
  };
  const expected = await run('cpu');
  const actual = await run('wasm');
  expect(actual.shapes).toEqual(expected.shapes);
  actual.values.forEach((values, index) => {
    const want = expected.values[index]!;
    const largest = want.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
    const worst = values.reduce((most, value, at) => Math.max(most, Math.abs(value - want[at]!)), 0);
    expect(worst / largest).toBeLessThan(tolerance);
  });
  return actual.values;
}

describe('Conv2DBackpropFilter and Conv2DBackpropInput', () => {
  const cases: readonly [string, number[], [number, number], [number, number], 'valid' | 'same' | number][] =
    [
      ['stride 1, valid', [3, 7, 6, 2], [3, 2], [1, 1], 'valid'],
      ['stride 1, same', [2, 7, 6, 3], [3, 4], [1, 1], 'same'],
      ['stride 2, valid, with a tail', [2, 8, 9, 2], [3, 3], [2, 2], 'valid'],
      ['stride 2 by 3, same', [2, 8, 11, 2], [3, 5], [2, 3], 'same'],
      ['padded by 2', [1, 5, 6, 2], [3, 3], [1, 1], 2],
      ['padded beyond the filter', [1, 5, 6, 2], [2, 2], [2, 2], 3],
      ['one channel', [2, 6, 7, 1], [3, 2], [2, 1], 'same'],
      ['one pixel', [2, 4, 4, 3], [1, 1], [1, 1], 'valid'],
      ['as large as the image', [2, 5, 4, 1], [5, 4], [1, 1], 'valid'],
      ['a stride beyond the filter', [2, 9, 9, 2], [2, 2], [4, 3], 'valid'],
    ];
  for (const [title, image, kernel, strides, pad] of cases) {
    it(title, async () => {
      await expectSameOnBoth(() => {
        const x = normal(1, image) as Tensor4D;
        const filter = normal(2, [...kernel, image[3]!, 4]) as Tensor4D;
        const loss = (a: Tensor, b: Tensor) =>
          tf.sum(tf.square(tf.conv2d(a as Tensor4D, b as Tensor4D, strides, pad)));
        return tf.grads(loss)([x, filter]);
      });
    });
  }
});

describe('UnsortedSegmentSum', () => {
  it('sums what belongs together, and leaves out what belongs nowhere', async () => {
    await expectSameOnBoth(() => {
      const x = normal(3, [6, 2, 3]);
      const segments = tf.tensor1d([2, 0, 2, -1, 7, 1], 'int32');
      return [tf.unsortedSegmentSum(x, segments, 4)];
    });
  });

  it('is the gradient of gather, along any axis', async () => {
    await expectSameOnBoth(() => {
      const x = normal(4, [5, 4, 3]);
      const indices = tf.tensor1d([1, 2, 2, 0, 1, 1], 'int32');
      return [0, 1, 2].map((axis) => tf.grad((a) => tf.sum(tf.square(tf.gather(a, indices, axis))))(x));
    });
  });
});

describe('BatchMatMul', () => {
  it('takes every pair of flags, and stacks', async () => {
    await expectSameOnBoth(() =>
      [true, false].flatMap((transposeA) =>
        [true, false].flatMap((transposeB) => {
          const a = normal(5, transposeA ? [2, 3, 4, 5] : [2, 3, 5, 4]);
          const b = normal(6, transposeB ? [2, 3, 6, 4] : [2, 3, 4, 6]);
          const multiply = (p: Tensor, q: Tensor) => tf.matMul(p, q, transposeA, transposeB);
          return [multiply(a, b), ...tf.grads((p, q) => tf.sum(tf.square(multiply(p, q))))([a, b])];
        }),
      ),
    );
  });

  it('takes a large transposed factor, alone and in stacks', async () => {
    await expectSameOnBoth(() => {
      const one = normal(21, [300, 256]);
      const two = normal(22, [2, 256, 300]);
      return [
        tf.matMul(normal(23, [3, 256]), one as Tensor2D, false, true),
        tf.matMul(normal(24, [300, 7]), two, true, true),
        tf.matMul(normal(25, [3, 2, 9, 300]), two, false, true),
        tf.matMul(normal(26, [2, 9, 256]), tf.reshape(one, [1, 300, 256]), false, true),
      ];
    });
  });

  it('is not misled by a factor that it has seen in another shape', async () => {
    await useBackend('wasm');
    const values = normal(7, [60]);
    const long = tf.reshape(values, [30, 2]) as Tensor2D;
    const wide = tf.reshape(values, [2, 30]) as Tensor2D;
    const first = tf.matMul(tf.ones([1, 30]), long);
    const second = tf.matMul(tf.ones([1, 2]), wide);
    const again = tf.matMul(tf.ones([1, 30]), long);
    const expected = tf.sum(wide, 0);
    const [left, right] = [await second.data(), await expected.data()];
    expect(left.every((value, index) => Math.abs(value - right[index]!) < 1e-5)).toBe(true);
    expect(await again.data()).toEqual(await first.data());
    tf.dispose([values, long, wide, first, second, again, expected]);
  });
});

describe('Slice', () => {
  const cases: readonly [number[], number[], number[]][] = [
    [[7], [2], [3]],
    [
      [4, 5],
      [1, 0],
      [2, 5],
    ],
    [
      [4, 5],
      [0, 2],
      [4, 2],
    ],
    [
      [3, 4, 5],
      [1, 1, 1],
      [2, 2, 3],
    ],
    [
      [3, 4, 5],
      [0, 1, 0],
      [3, 2, 5],
    ],
    [
      [2, 3, 4, 5],
      [1, 0, 2, 0],
      [1, 3, 1, 5],
    ],
    [
      [2, 2, 2, 2, 3],
      [0, 1, 0, 1, 1],
      [2, 1, 2, 1, 2],
    ],
    [
      [3, 4],
      [1, 1],
      [-1, -1],
    ],
    [
      [3, 4],
      [0, 0],
      [0, 4],
    ],
  ];
  for (const [shape, begin, size] of cases) {
    it(`[${shape}] from [${begin}], [${size}] of it`, async () => {
      await expectSameOnBoth(() => [tf.slice(normal(8, shape), begin, size)]);
    });
  }

  it('keeps whole numbers, booleans and strings', async () => {
    await expectSameOnBoth(() => [
      tf.slice(tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3], 'int32'), [0, 1], [2, 2]),
      tf.slice(tf.tensor2d([1, 0, 1, 1], [2, 2], 'bool'), [0, 1], [2, 1]),
    ]);
    const words = tf.tensor1d(['a', 'b', 'c']);
    const middle = tf.slice(words, [1], [1]);
    expect(await middle.data()).toEqual(['b']);
    tf.dispose([words, middle]);
  });
});

it('a small network of tfjs, convolution and gather, trains on wasm as on cpu', async () => {
  const [losses] = await expectSameOnBoth(() => {
    const images = normal(9, [6, 10, 10, 1]) as Tensor4D;
    const labels = tf.tensor1d([0, 1, 2, 0, 1, 2], 'int32') as Tensor1D;
    const shapes: readonly number[][] = [
      [3, 3, 1, 4],
      [3, 3, 4, 4],
      [36, 5],
      [3, 5],
    ];
    let weights = shapes.map((shape, index) => tf.mul(normal(10 + index, shape), 0.2));
    const loss = (...[first, second, dense, table]: Tensor[]): Tensor => {
      const one = tf.relu(tf.conv2d(images, first as Tensor4D, 1, 'same'));
      const two = tf.relu(
        tf.conv2d(tf.maxPool(one as Tensor4D, 2, 2, 'valid'), second as Tensor4D, 1, 'valid'),
      );
      const features = tf.matMul(tf.reshape(two, [6, 36]), dense as Tensor2D);
      return tf.mean(tf.square(tf.sub(features, tf.gather(table!, labels))));
    };
    const losses: Tensor[] = [];
    for (let step = 0; step < 5; step++) {
      const { value, grads } = tf.valueAndGrads(loss)(weights);
      losses.push(value);
      weights = weights.map((weight, index) => tf.sub(weight, tf.mul(grads[index]!, 0.1)));
    }
    return [tf.stack(losses), ...weights, ...tf.grads(loss)(weights)];
  }, 1e-4);
  expect(losses![4]).toBeLessThan(0.9 * losses![0]!);
});

describe('Identity', () => {
  it('shares memory for as long as anybody needs it', async () => {
    await useBackend('wasm');
    const before = tf.memory();
    const first = normal(20, [1000]);
    const values = first.dataSync();
    const { numBytes } = tf.memory();
    const second = tf.clone(first);
    expect(addressOf(second)).toBe(addressOf(first));
    expect(tf.memory().numTensors).toBe(before.numTensors + 2);
    first.dispose();
    // What is freed is given to the next tensor of the size: the clone must not have been.
    const other = tf.zeros([1000]);
    expect(second.dataSync()).toEqual(values);
    expect(numBytes - before.numBytes).toBe(4000);
    tf.dispose([second, other]);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  });

  it('of whole numbers, booleans and strings, and of what another backend made', async () => {
    await useBackend('cpu');
    const elsewhere = tf.tensor1d([1, 2, 3]);
    await useBackend('wasm');
    const clones = [
      tf.clone(tf.tensor1d([1, 2], 'int32')),
      tf.clone(tf.tensor1d([true, false], 'bool')),
      tf.clone(tf.tensor1d(['a', 'b'])),
      tf.clone(elsewhere),
    ];
    elsewhere.dispose();
    expect(clones.map((clone) => [...clone.dataSync()])).toEqual([
      [1, 2],
      [1, 0],
      ['a', 'b'],
      [1, 2, 3],
    ]);
    tf.dispose(clones);
  });
});

import * as tf from '@tensorflow/tfjs-core';
import { useBackend, valueAndGradients } from '@unrolled/backend';
import { type Network, random } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { conv1d, conv2d, dense, scaled } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { fista, ista } from '@unrolled/solvers';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  adam,
  pairedMinibatches,
  randomShifts,
  type ShiftedPair,
  shiftAveraged,
  targetError,
  targetLikelihood,
  train,
  unroll,
} from '../src/index.ts';
import { averageOverShifts, istaReconstruction } from './reference/shift-averaged.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

const normal = (shape: number[], seed: number, deviation = 1): tf.Tensor => {
  const draw = random(seed);
  const size = tf.util.sizeFromShape(shape);
  return tf.tensor(
    Float32Array.from({ length: size }, () => draw.normal(0, deviation)),
    shape,
  );
};

interface Sizes {
  readonly filter: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly image: readonly [number, number];
}
const atoms = 3;
const [weight, step, layers] = [0.1, 0.15, 3];

const imageNetwork = async ({ filter, stride }: Pick<Sizes, 'filter' | 'stride'>): Promise<Network> => {
  const problem = {
    operator: conv2d(normal([...filter, 1, atoms], 1, 0.4), { stride }),
    prior: l1(weight, { nonNegative: true }),
    likelihood: gaussian(),
  };
  return unroll(ista(problem, { step }), { layers, train: ['operator.filters', 'prior.weight'] });
};

const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

const expectClose = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void => {
  expect(actual.length).toBe(expected.length);
  expect(largest(Array.from(actual, (value, index) => value - expected[index]!))).toBeLessThan(
    tolerance * largest(expected),
  );
};

describe('images', () => {
  test.each<Sizes>([
    { filter: [3, 3], stride: [2, 2], image: [9, 12] },
    { filter: [4, 3], stride: [3, 1], image: [11, 8] },
    { filter: [2, 5], stride: [1, 4], image: [5, 10] },
    { filter: [2, 2], stride: [3, 2], image: [6, 7] },
    { filter: [3, 3], stride: [1, 1], image: [5, 6] },
    // As small as an atom: the padding is longer than the picture, and goes back and forth.
    { filter: [3, 2], stride: [3, 2], image: [3, 2] },
  ])('equals the average of one padded copy after the other in float64: %j', async (sizes) => {
    const { filter, stride, image } = sizes;
    const network = await imageNetwork(sizes);
    const y = normal([1, ...image, 1], 2);
    const averaged = shiftAveraged(network);
    expect(averaged.shifts).toHaveLength(stride[0] * stride[1]);
    const eta = averaged.reconstruct(y);
    expect(eta.shape).toEqual(y.shape);
    const filters = await network.variables['operator.filters']!.data();
    const expected = averageOverShifts(
      { data: await y.data(), sizes: image },
      { extent: filter, stride },
      (copy) =>
        istaReconstruction(copy, { filters, shape: [...filter, atoms], stride, weight, step, layers }),
    );
    // Three layers and a sum over at most nine shifts, each sum of at most 30 products in float32.
    expectClose(await eta.data(), expected, 3e-6);
    network.dispose();
  });

  test('a batch of two, some shifts, and how many at once: the same numbers', async () => {
    const sizes = { filter: [4, 4], stride: [3, 2], image: [10, 9] } as const;
    const network = await imageNetwork(sizes);
    const y = normal([2, ...sizes.image, 1], 3);
    const averaged = shiftAveraged(network);
    const all = await averaged.reconstruct(y).data();
    const before = tf.memory().numTensors;
    for (const shiftsAtOnce of [1, 4, 100]) {
      const again = averaged.reconstruct(y, { shiftsAtOnce });
      // Kernels give an example the same bits in whatever batch it is.
      expect(await again.data()).toEqual(all);
      again.dispose();
    }
    expect(tf.memory().numTensors).toBe(before);
    const sum = new Float64Array(y.size);
    for (const shift of averaged.shifts) {
      const one = await averaged.reconstruct(y, { shifts: [shift] }).data();
      one.forEach((value, index) => {
        sum[index]! += value / averaged.shifts.length;
      });
    }
    expectClose(all, sum, 1e-6);
    network.dispose();
  });

  test('stride 1 is the plain network on the padded picture', async () => {
    const network = await imageNetwork({ filter: [3, 3], stride: [1, 1] });
    const y = normal([1, 6, 7, 1], 4);
    const padded = tf.mirrorPad(
      y,
      [
        [0, 0],
        [1, 1],
        [1, 1],
        [0, 0],
      ],
      'reflect',
    );
    const plain = network.decode(network.encode(padded));
    const expected = await tf.slice(plain, [0, 1, 1, 0], y.shape as [number, number, number, number]).data();
    expect(await shiftAveraged(network).reconstruct(y).data()).toEqual(expected);
    network.dispose();
  });

  test('away from borders, shifting the picture by a pixel shifts the average', async () => {
    const sizes = { filter: [3, 3], stride: [2, 2], image: [24, 24] } as const;
    const network = await imageNetwork(sizes);
    const world = normal([1, 24, 27, 1], 5);
    const view = (left: number) => tf.slice(world, [0, 0, left, 0], [1, 24, 24, 1]);
    const [here, there] = [0, 1].map((left) => shiftAveraged(network).reconstruct(view(left)));
    // An output sees so far: an atom's reach for every layer's synthesis and analysis, and for the decoder. The padding differs beyond.
    const reach = (layers + 1) * (3 - 1) + 2;
    const inner = (eta: tf.Tensor, left: number) =>
      tf.slice(eta, [0, reach, left, 0], [1, 24 - 2 * reach, 24 - 2 * reach - 1, 1]).data();
    // The same sums, with the shifts in another order.
    expectClose(await inner(there!, reach), await inner(here!, reach + 1), 1e-6);
    // What an unaveraged network cannot: there the grid stays where it is.
    const [plain, moved] = await Promise.all(
      [
        [here!, reach + 1],
        [there!, reach],
      ].map(([, left], index) => {
        const input = tf.slice(view(index), [0, 0, 0, 0], [1, 23, 23, 1]);
        return inner(network.decode(network.encode(input)), left as number);
      }),
    );
    expect(largest(plain!.map((value, index) => value - moved![index]!))).toBeGreaterThan(
      0.05 * largest(plain!),
    );
    network.dispose();
  });

  test('gradients are finite differences, of the picture too', async () => {
    const network = await imageNetwork({ filter: [3, 3], stride: [2, 2] });
    const filters = network.variables['operator.filters']!;
    const batch: ShiftedPair = {
      input: normal([2, 6, 7, 1], 6),
      target: normal([2, 6, 7, 1], 7),
      shifts: [
        [0, 1],
        [1, 1],
      ],
    };
    const loss = targetError();
    const { value, gradients } = valueAndGradients(() => loss(network, batch), [filters]);
    const direction = normal(filters.shape, 8, 0.2);
    const slope = (await tf.sum(tf.mul(gradients[0]!, direction)).data())[0]!;
    const start = tf.clone(filters);
    const at = async (distance: number) => {
      filters.assign(tf.add(start, tf.mul(distance, direction)));
      return (await loss(network, batch).data())[0]!;
    };
    // The loss is about 30 and rounds to 2e-6: over 2e-2 that is 1e-4 of slope. The curvature's part is of h².
    const difference = ((await at(1e-2)) - (await at(-1e-2))) / 2e-2;
    filters.assign(start);
    expect(Math.abs(slope)).toBeGreaterThan(0.5);
    expect(Math.abs(slope - difference)).toBeLessThan(3e-3 * Math.abs(slope));

    const averaged = shiftAveraged(network);
    const ofInput = tf.grad((y: tf.Tensor) => tf.sum(averaged.reconstruct(y)))(batch.input);
    const nudge = normal(batch.input.shape, 9);
    const inputSlope = (await tf.sum(tf.mul(ofInput, nudge)).data())[0]!;
    const moved = async (distance: number) =>
      (await tf.sum(averaged.reconstruct(tf.add(batch.input, tf.mul(distance, nudge)))).data())[0]!;
    // Piecewise linear in the picture: a small step crosses few kinks.
    const change = ((await moved(1e-3)) - (await moved(-1e-3))) / 2e-3;
    expect(Math.abs(inputSlope - change)).toBeLessThan(2e-2 * Math.abs(inputSlope));
    tf.dispose([value, ofInput, gradients[0]!]);
    network.dispose();
  });
});

test('signals over time equal the average of one padded copy after the other', async () => {
  const problem = {
    operator: conv1d(normal([5, 1, 2], 1, 0.4), { stride: 3 }),
    prior: l1(weight),
    likelihood: gaussian(),
  };
  const network = await unroll(fista(problem), { layers });
  const y = normal([1, 16, 1], 2);
  const expected = averageOverShifts(
    { data: await y.data(), sizes: [16] },
    { extent: [5], stride: [3] },
    ({ data, sizes }) =>
      network
        .decode(network.encode(tf.tensor(Float32Array.from(data as number[]), [1, ...sizes, 1])))
        .dataSync(),
  );
  const averaged = shiftAveraged(network);
  expect(averaged.shifts).toEqual([[0], [1], [2]]);
  // The same kernels: what differs is a sum of three numbers.
  expectClose(await averaged.reconstruct(y).data(), expected, 1e-6);
  network.dispose();
});

describe('losses', () => {
  test('targetError and targetLikelihood are what they say, over shifts and without', async () => {
    const network = await imageNetwork({ filter: [3, 3], stride: [2, 2] });
    const pair = { input: normal([2, 7, 9, 1], 1), target: normal([2, 7, 9, 1], 2) };
    const shifts = [[1, 0]];
    for (const [batch, eta] of [
      [pair, network.decode(network.encode(pair.input))],
      [{ ...pair, shifts }, shiftAveraged(network).reconstruct(pair.input, { shifts })],
    ] as const) {
      const [made, wanted] = [await eta.data(), await pair.target.data()];
      const squares = Array.from(made, (value, index) => (value - wanted[index]!) ** 2);
      const expected = squares.reduce((sum, square) => sum + square) / 4;
      // For a Gaussian they are the same number.
      for (const loss of [targetError(), targetLikelihood()])
        expect((await loss(network, batch).data())[0]! / expected).toBeCloseTo(1, 5);
    }
    network.dispose();
  });

  test('random shifts: different ones, those of the seed, and training goes down on them', async () => {
    const network = await imageNetwork({ filter: [3, 3], stride: [2, 2] });
    const pairs = pairedMinibatches(normal([4, 8, 9, 1], 1), tf.zeros([4, 8, 9, 1]), 2);
    const batches = randomShifts(pairs, shiftAveraged(network), 3);
    const draw = async (seed: number) => {
      const seen: string[] = [];
      for await (const { shifts, ...tensors } of batches.epoch(random(seed))) {
        expect(new Set(shifts.map(String)).size).toBe(3);
        seen.push(String(shifts));
        tf.dispose({ ...tensors });
      }
      return seen;
    };
    expect(await draw(1)).toEqual(await draw(1));
    expect(batches.batches).toBe(2);
    expect(new Set((await Promise.all([1, 2, 3, 4].map(draw))).flat()).size).toBeGreaterThan(1);

    const stage = {
      name: 'all',
      train: ['operator.filters', 'prior.weight'],
      loss: targetError(),
      optimizer: adam({ rate: 0.01 }),
    };
    const losses: number[] = [];
    const before = tf.memory().numTensors;
    for await (const event of train(network, batches, { stages: [stage], epochs: 5 }))
      if (event.type === 'epoch') losses.push(event.losses['all']!);
    expect(losses.at(-1)!).toBeLessThan(0.7 * losses[0]!);
    expect(tf.memory().numTensors).toBe(before);
    network.dispose();
  });
});

describe('refuses', () => {
  test('a network without a grid, and takes one that is scaled', async () => {
    const parts = { prior: l1(0.1), likelihood: gaussian() };
    const vectors = await unroll(ista({ operator: dense(normal([4, 6], 1)), ...parts }), { layers: 1 });
    expect(() => shiftAveraged(vectors)).toThrow(
      'network: expected a network whose operator is a convolution',
    );
    const operator = scaled(conv1d(normal([4, 1, 2], 1), { stride: 2 }), 2);
    const louder = await unroll(ista({ operator, ...parts }), { layers: 1 });
    expect(shiftAveraged(louder).shifts).toEqual([[0], [1]]);
  });

  test.each<[string, number[], object, string]>([
    ['an image smaller than an atom', [1, 3, 9, 1], {}, 'y: expected signals of at least 4 × 3'],
    ['a signal over time', [1, 9, 1], {}, 'y: expected signals [batch, ·, ·, channels]'],
    ['other channels', [1, 9, 9, 2], {}, 'channels'],
    ['no shifts', [1, 9, 9, 1], { shifts: [] }, 'shifts: expected at least one shift'],
    ['a shift of another rank', [1, 9, 9, 1], { shifts: [[0]] }, 'shifts[0]'],
    [
      'a shift as long as the stride',
      [1, 9, 9, 1],
      {
        shifts: [
          [0, 0],
          [2, 0],
        ],
      },
      'shifts[1][0]: expected at most 1',
    ],
    ['a negative shift', [1, 9, 9, 1], { shifts: [[0, -1]] }, 'shifts[0][1]'],
    ['half a shift', [1, 9, 9, 1], { shifts: [[0.5, 0]] }, 'shifts[0][0]'],
    ['none at once', [1, 9, 9, 1], { shiftsAtOnce: 0 }, 'shiftsAtOnce'],
    ['an option that is none', [1, 9, 9, 1], { batch: 2 }, 'reconstruct: unknown option "batch"'],
  ])('%s', async (_, shape, options, message) => {
    const network = await imageNetwork({ filter: [4, 3], stride: [2, 2] });
    const before = tf.memory().numTensors;
    const y = tf.zeros(shape);
    expect(() => shiftAveraged(network).reconstruct(y, options)).toThrow(message);
    y.dispose();
    expect(tf.memory().numTensors).toBe(before);
    network.dispose();
  });

  test('random shifts: more than there are, none, and no source', async () => {
    const averaged = shiftAveraged(await imageNetwork({ filter: [4, 3], stride: [2, 2] }));
    const pairs = pairedMinibatches(tf.zeros([1, 4, 4, 1]), tf.zeros([1, 4, 4, 1]), 1);
    expect(() => randomShifts(pairs, averaged, 5)).toThrow('count: expected at most 4 shifts');
    expect(() => randomShifts(pairs, averaged, 0)).toThrow('count');
    expect(() => randomShifts({} as typeof pairs, averaged, 1)).toThrow('source');
    const batch = { input: tf.zeros([1, 4, 4, 1]), target: tf.zeros([1, 4, 5, 1]) };
    expect(() => targetError()(averaged.network, batch)).toThrow('target: expected a target like its input');
  });
});

import * as tf from '@tensorflow/tfjs-core';
import { adam, lasso, memoryStore, type TrainingEvent } from '@unrolled/unroll';
import { describe, expect, test } from 'vitest';
import { watchTensors } from '../../backend/test/support/watch-tensors.ts';
import { bestLandmarks, codesOf, type Kds, seedLandmarks, trainKds } from '../src/index.ts';
import { networkOf, twoMoons, withNetwork } from './tensors.ts';

watchTensors();

const { points } = twoMoons(300, 1);
const start = seedLandmarks(points, 10);

const landmarksOf = async (network: Kds) => Array.from(await network.variables['operator.atoms']!.data());

async function losses(events: AsyncIterable<TrainingEvent>, stage: string): Promise<number[]> {
  const all: number[] = [];
  for await (const event of events) if (event.type === 'epoch') all.push(event.losses[stage]!);
  return all;
}

describe('in closed form', () => {
  test('the objective falls, epoch by epoch, and batches do not matter', async () => {
    await withNetwork(networkOf(start, { weight: 1, layers: 100, encoder: 'basic' }), async (network) => {
      const found = await losses(
        trainKds(network, points, { landmarks: 'closed-form', epochs: 6, batchSize: 70 }),
        'codes',
      );
      // Two exact minimisations in turn; a hundred layers are nearly that.
      for (let epoch = 1; epoch < 6; epoch++) expect(found[epoch]).toBeLessThan(found[epoch - 1]! + 1e-6);
      expect(found.at(-1)).toBeLessThan(0.7 * found[0]!);
    });
  });

  test('batches are of one size where none is given: the last few examples do not count as much as a thousand', async () => {
    const count = 1030;
    const many = {
      data: Float32Array.from({ length: 2 * count }, (_, i) => points.data[i % 600]!),
      shape: [count, 2],
    };
    await withNetwork(networkOf(start, { weight: 1, layers: 5 }), async (network) => {
      const batch = tf.tensor2d(many.data, [count, 2]);
      const value = lasso()(network, batch);
      const objective = (await value.data())[0]!;
      tf.dispose([batch, value]);
      const options = { landmarks: 'closed-form', epochs: 1 } as const;
      // The mean over two halves is that over all but for the order of the sum.
      expect((await losses(trainKds(network, many, options), 'codes'))[0]).toBeCloseTo(objective, 5);
    });
  });

  test('an epoch is bestLandmarks of the codes before it', async () => {
    await withNetwork(networkOf(start, { weight: 2, layers: 15 }), async (network) => {
      const codes = await codesOf(network, points);
      const { landmarks } = bestLandmarks(points, codes, { weight: 2, landmarks: start });
      for await (const _ of trainKds(network, points, {
        landmarks: 'closed-form',
        epochs: 1,
        batchSize: 100,
      }));
      const found = await landmarksOf(network);
      // Sums in float64, in another order.
      landmarks.data.forEach((value, index) => {
        expect(found[index]).toBeCloseTo(value, 6);
      });
    });
  });

  test('a run that was stopped within an epoch goes on where it was', async () => {
    const options = { landmarks: 'closed-form', epochs: 3, batchSize: 100 } as const;
    const whole = await withNetwork(networkOf(start, { weight: 1, layers: 10 }), async (network) => {
      for await (const _ of trainKds(network, points, options));
      return landmarksOf(network);
    });
    const store = memoryStore();
    const checkpoint = { store, everySteps: 1 };
    await withNetwork(networkOf(start, { weight: 1, layers: 10 }), async (network) => {
      for await (const event of trainKds(network, points, { ...options, checkpoint }))
        if (event.type === 'step' && event.step === 5) break;
    });
    await withNetwork(networkOf(start, { weight: 1, layers: 10 }), async (network) => {
      for await (const _ of trainKds(network, points, { ...options, checkpoint }));
      expect(await landmarksOf(network)).toEqual(whole);
    });
  });
});

describe('by gradient', () => {
  test('the objective falls; the step is trained and stays positive', async () => {
    await withNetwork(networkOf(start, { weight: 1, layers: 15, trainStep: true }), async (network) => {
      const [before] = await network.variables['step']!.data();
      const found = await losses(
        trainKds(network, points, { epochs: 25, batchSize: 300, optimizer: adam({ rate: 0.02 }) }),
        'landmarks',
      );
      expect(found.at(-1)).toBeLessThan(0.75 * found[0]!);
      const [after] = await network.variables['step']!.data();
      expect(after).not.toBe(before);
      // Adam of this rate would have taken a step of 0.05 below zero in three updates.
      expect(after).toBeGreaterThan(0);
    });
  });

  test('the step is kept at a hundredth of what it began as', async () => {
    await withNetwork(networkOf(start, { weight: 1, layers: 2, trainStep: true }), async (network) => {
      const variable = network.variables['step']!;
      const [before] = await variable.data();
      tf.tidy(() => variable.assign(tf.scalar(-1)));
      network.constrain();
      expect((await variable.data())[0]).toBeCloseTo(before! / 100, 8);
    });
  });

  test('with a step that is not trained, it follows the landmarks', async () => {
    await withNetwork(networkOf(start, { weight: 1, layers: 5 }), async (network) => {
      for await (const _ of trainKds(network, points, { epochs: 1, optimizer: adam({ rate: 0.1 }) }));
      const lipschitz = await network.problem().operator.lipschitz();
      expect((await network.variables['step']!.data())[0]).toBeCloseTo(1 / lipschitz, 6);
    });
  });
});

test.each(['gradient', 'closed-form'] as const)(
  'an atom that nothing uses is put where something is: %s',
  async (landmarks) => {
    const far = {
      data: start.data.map((value, index) => (index % 10 === 3 ? 1e3 : value)),
      shape: start.shape,
    };
    const used = async (reseed: boolean) =>
      withNetwork(networkOf(far, { weight: 1, layers: 10 }), async (network) => {
        for await (const _ of trainKds(network, points, { landmarks, epochs: 2, reseed }));
        const { atoms } = await codesOf(network, points);
        return new Set(atoms).size;
      });
    expect(await used(false)).toBe(9);
    expect(await used(true)).toBe(10);
  },
);

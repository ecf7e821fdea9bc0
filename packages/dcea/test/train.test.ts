import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import type { Network } from '@unrolled/contracts';
import { random } from '@unrolled/contracts';
import { binomial, gaussian, poisson } from '@unrolled/likelihoods';
import { l1 } from '@unrolled/prox';
import {
  adam,
  memoryStore,
  minibatches,
  pairedMinibatches,
  sgd,
  shiftAveraged,
  smoothness,
  targetError,
  targetLikelihood,
} from '@unrolled/unroll';
import { describe, expect, test } from 'vitest';
import { type DceaWeights, dcea, imageFilters, type TrainDceaOptions, trainDcea } from '../src/index.ts';
import { counts, normal } from './tensors.ts';

await useBackend('wasm');

const bitsOf = async ({ variables }: Network) =>
  Promise.all(Object.values(variables).map(async (variable) => Array.from(await variable.data())));

/** Photon counts of smooth pictures, and their rates. */
function photographs(examples: number, [height, width]: readonly [number, number], seed: number) {
  const draw = random(seed);
  const rates = new Float32Array(examples * height * width);
  for (let example = 0; example < examples; example++) {
    const [slope, across, level] = [draw.normal(0, 0.4), draw.normal(0, 0.4), draw.uniform(0.5, 1.5)];
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++)
        rates[(example * height + row) * width + column] =
          2 * level * (1.1 + Math.sin(slope * row + across * column));
  }
  const shape: [number, number, number, number] = [examples, height, width, 1];
  const photons = rates.map((rate) => draw.poisson(rate));
  return { input: tf.tensor4d(photons, shape), target: tf.tensor4d(rates, shape) };
}

const photonNetwork = (weights: DceaWeights): Promise<Network> =>
  dcea<ReturnType<typeof l1>, ReturnType<typeof poisson>, DceaWeights>({
    filters: imageFilters({ size: 4, atoms: 12, norm: 0.1 }),
    prior: l1(new Array<number>(12).fill(0.05), { nonNegative: true }),
    likelihood: poisson({ peak: 6 }),
    layers: 5,
    stride: 3,
    step: 1,
    norms: 'free',
    weights,
  });

describe('on clean targets', () => {
  test.each(['tied', 'untied'] as const)('%s: nearer to unseen pictures, of any size', async (weights) => {
    const network = await photonNetwork(weights);
    const { input, target } = photographs(12, [11, 10], 1);
    const unseen = { ...photographs(3, [12, 13], 2), shifts: shiftAveraged(network).shifts };
    const errorOnUnseen = async () => (await targetError()(network, unseen).data())[0]!;
    const start = await errorOnUnseen();
    const names = Object.keys(network.variables);
    const before = await bitsOf(network);
    const held = tf.memory().numTensors;
    for await (const _ of trainDcea(network, pairedMinibatches(input, target, 4), {
      on: 'targets',
      shifts: 2,
      optimizer: adam({ rate: 0.005 }),
      epochs: 12,
    }));
    expect(tf.memory().numTensors).toBe(held);
    // Untrained, it is near a rate of 1 everywhere.
    expect(await errorOnUnseen()).toBeLessThan(0.6 * start);
    // All filters and the bias, and not the step.
    const after = await bitsOf(network);
    const changed = names.filter((_, index) => String(before[index]) !== String(after[index]));
    expect(changed).toEqual(names.filter((name) => name !== 'step'));
    if (weights === 'untied') {
      const banks = ['operator', 'analysis', 'decoder'].map((bank) =>
        String(after[names.indexOf(`${bank}.filters`)]),
      );
      expect(new Set(banks).size).toBe(3);
    }
  });
});

describe('on the likelihood alone', () => {
  const trials = 25;
  const spikes = () => {
    const draw = random(5);
    const data = new Float32Array(12 * 40);
    for (let example = 0; example < 12; example++) {
      const place = draw.integer(32);
      for (let n = 0; n < 40; n++) {
        const eta = -2 + (n >= place && n < place + 8 ? 2.5 * Math.sin((Math.PI * (n - place + 1)) / 9) : 0);
        data[example * 40 + n] = draw.binomial(trials, 1 / (1 + Math.exp(-eta)));
      }
    }
    return { data, shape: [12, 40, 1] };
  };
  const spikeNetwork = async (baseline = -2): Promise<Network> =>
    dcea({
      filters: normal([8, 1, 1], 3),
      prior: l1(0.3, { nonNegative: true }),
      likelihood: binomial({ trials, baseline }),
      layers: 12,
      train: ['operator.filters', 'likelihood.baseline'],
    });

  test('the likelihood of counts over trials rises, with atoms that are smooth where that is asked for', async () => {
    const roughness = async (weight?: number) => {
      const network = await spikeNetwork();
      const losses: number[] = [];
      const penalties = weight === undefined ? {} : { penalties: [smoothness('operator.filters', weight)] };
      const options = { optimizer: adam({ rate: 0.03 }), epochs: 5, batchSize: 6, ...penalties };
      for await (const event of trainDcea(network, spikes(), options))
        if (event.type === 'epoch') losses.push(event.losses['network']!);
      expect(losses.at(-1)!).toBeLessThan(losses[0]!);
      // Unit norm, after every update.
      const filters = network.variables['operator.filters']!;
      expect((await tf.sum(tf.square(filters)).data())[0]).toBeCloseTo(1, 5);
      return (await smoothness('operator.filters', 1)(network).data())[0]!;
    };
    expect(await roughness(100)).toBeLessThan(0.7 * (await roughness()));
  });

  test('a baseline alone comes to the link of the mean', async () => {
    const { data, shape } = spikes();
    const network = await dcea({
      filters: normal([8, 1, 1], 3),
      // A weight that no gradient passes: the code is 0.
      prior: l1(1e4),
      likelihood: binomial({ trials, baseline: 0 }),
      layers: 1,
      train: ['likelihood.baseline'],
    });
    const optimizer = sgd({ rate: 0.006 });
    for await (const _ of trainDcea(network, { data, shape }, { epochs: 30, batchSize: 12, optimizer }));
    const mean = data.reduce((sum, count) => sum + count, 0) / data.length / trials;
    expect((await network.variables['likelihood.baseline']!.data())[0]).toBeCloseTo(
      Math.log(mean / (1 - mean)),
      3,
    );
  });

  test('over random shifts, signals of any length, and the same as targets that are the input', async () => {
    const y = counts([4, 23, 1], 6, 3);
    const after = async (onTargets: boolean) => {
      const network: Network = await dcea({
        filters: normal([5, 1, 2], 1),
        prior: l1(0.1),
        likelihood: gaussian(),
        layers: 3,
        stride: 4,
      });
      const options = { epochs: 2, shifts: 2, optimizer: sgd({ rate: 1e-3 }) };
      // For a Gaussian the distance and the likelihood are one.
      const events = onTargets
        ? trainDcea(network, pairedMinibatches(y, y, 2), { ...options, on: 'targets' })
        : trainDcea(network, y, { ...options, batchSize: 2 });
      for await (const _ of events);
      return bitsOf(network);
    };
    expect(await after(false)).toEqual(await after(true));
  });

  test('goes on from its checkpoint bit for bit', async () => {
    const run = async (epochs: readonly number[]) => {
      const network = await spikeNetwork();
      const checkpoint = { store: memoryStore() };
      for (const until of epochs)
        for await (const _ of trainDcea(network, spikes(), { epochs: until, batchSize: 6, checkpoint }));
      return bitsOf(network);
    };
    expect(await run([1, 2])).toEqual(await run([2]));
  });

  test('a loss that is not finite leaves the parameters of the last good step', async () => {
    const network = await spikeNetwork();
    const start = await bitsOf(network);
    const broken = { epoch: () => [tf.fill([1, 40, 1], Number.NaN)] };
    await expect(trainDcea(network, broken, { epochs: 1 }).next()).rejects.toMatchObject({
      code: 'DIVERGED',
    });
    expect(await bitsOf(network)).toEqual(start);
  });

  test.each<[string, Parameters<typeof trainDcea>[1], object, string]>([
    [
      'negative counts',
      { data: Float32Array.of(1, -1, 2, ...new Array<number>(37).fill(0)), shape: [1, 40, 1] },
      {},
      'source: expected counts',
    ],
    ['counts above the trials', tf.fill([1, 40, 1], 26), {}, 'source: expected counts'],
    [
      'half a count in the second of a list',
      [tf.zeros([40, 1]), tf.fill([40, 1], 0.5)],
      {},
      'source[1]: expected counts',
    ],
    ['more shifts than there are', tf.zeros([1, 40, 1]), { shifts: 2 }, 'count: expected at most 1'],
    ['a goal that is none', tf.zeros([1, 40, 1]), { on: 'noise' }, 'on: expected one of likelihood, targets'],
    ['an option that is none', tf.zeros([1, 40, 1]), { epoch: 3 }, 'trainDcea: unknown option "epoch"'],
    ['no penalties', tf.zeros([1, 40, 1]), { penalties: [] }, 'penalties'],
  ])('refuses %s', async (_, source, wrong, message) => {
    const network = await spikeNetwork();
    const options = { epochs: 1, ...wrong } as TrainDceaOptions & { on: 'likelihood' };
    await expect(trainDcea(network, source as tf.Tensor, options).next()).rejects.toThrow(message);
    network.dispose();
  });

  test('refuses a network with nothing to train', async () => {
    const network = await dcea({
      filters: normal([5, 1, 2], 1),
      prior: l1(0.1),
      likelihood: gaussian(),
      layers: 1,
      train: [],
    });
    const work = trainDcea(network, minibatches(tf.zeros([1, 9, 1]), 1), { epochs: 1 }).next();
    await expect(work).rejects.toThrow('network: expected a network with trainable parameters');
  });
});

test('the loss is a likelihood, not a distance, where that is asked for', async () => {
  const network = await photonNetwork('tied');
  const y = counts([1, 13, 13, 1], 1, 2);
  for await (const event of trainDcea(network, y, { epochs: 1, optimizer: sgd({ rate: 1e-9 }) })) {
    if (event.type !== 'step') continue;
    const expected = (await targetLikelihood()(network, { input: y, target: y }).data())[0]!;
    expect(event.losses['network']! / expected).toBeCloseTo(1, 4);
  }
});

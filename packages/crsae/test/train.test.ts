import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';
import { closeInitialisation, simulateWindows } from '@unrolled/data';
import { dictionaryError } from '@unrolled/metrics';
import { memoryStore, sgd, type TrainingEvent } from '@unrolled/unroll';
import { describe, expect, it } from 'vitest';
import { watchTensors } from '../../backend/test/support/watch-tensors.ts';
import {
  codesOf,
  crsae,
  fixedWeight,
  noiseLevel,
  ratesOf,
  type TrainCrsaeOptions,
  trainCrsae,
  universalWeight,
} from '../src/index.ts';
import { convolution } from './reference/convolutional-autoencoder.ts';
import { deviation, errorsOf, makeWorld, networkOf, numbers, type World } from './world.ts';

watchTensors();

async function collect(events: AsyncIterable<TrainingEvent>): Promise<TrainingEvent[]> {
  const all: TrainingEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

const weightOf = ({ codeLength, shape }: World) =>
  universalWeight({ noiseDeviation: deviation, atoms: shape[2], codeLength, multiplier: 2 });

describe('recovery', () => {
  /** A sixth of the simulation of 2.10, with templates of its kind. */
  const recover = async (options: Partial<TrainCrsaeOptions>): Promise<{ before: number; after: number }> => {
    const world = simulateWindows({ windows: 48, length: 200, filters: 2, seed: 1 });
    const start = closeInitialisation(world.filters, random(1));
    const filters = tf.tensor3d(start.data, start.shape as [number, number, number]);
    const { noiseDeviation } = world;
    const weight = universalWeight({ noiseDeviation, atoms: 2, codeLength: 183, multiplier: 2 });
    const network = await crsae({ filters, weight, layers: 30 });
    filters.dispose();
    const worst = () =>
      dictionaryError(world.filters, {
        data: numbers(network, 'operator.filters'),
        shape: world.filters.shape,
      }).worst;
    const before = worst();
    await collect(
      trainCrsae(network, world.signals, {
        noise: noiseLevel(noiseDeviation),
        epochs: 3,
        batchSize: 8,
        ...options,
      }),
    );
    const after = worst();
    network.dispose();
    return { before, after };
  };

  it('finds the templates in 18 steps, from errors above 0.4; the decoder’s gradient without refits does not', async () => {
    const { before, after } = await recover({});
    expect(before).toBeGreaterThan(0.4);
    // A template that is the mean over 96 spikes is σ√K/(amplitude·√96) = 0.46·4.2/(12·9.8) = 0.017 off; three times that for a few
    // spikes that overlap.
    expect(after).toBeLessThan(0.05);
    const decoder = await recover({ gradient: { last: 0 }, refit: false });
    expect(decoder.after).toBeGreaterThan(2 * after);
  });

  it.each([
    { name: 'three electrodes', channels: 3, stride: 1, signed: false },
    { name: 'stride 2', channels: 1, stride: 2, signed: false },
    { name: 'spikes of either sign', channels: 1, stride: 1, signed: true },
  ])('works with $name', async ({ channels, stride, signed }) => {
    const size = { examples: 32, time: 101, length: 11, atoms: 2 };
    const world = makeWorld({ ...size, seed: 8, channels, stride, signed });
    const network = await networkOf(world, {
      weight: weightOf(world),
      layers: 20,
      stride,
      nonNegative: !signed,
      from: 'near',
    });
    const before = await errorsOf(network, world);
    expect(Math.min(...before)).toBeGreaterThan(0.35);
    const events = await collect(
      trainCrsae(network, world.windows, { noise: noiseLevel(deviation), epochs: 4, batchSize: 8 }),
    );
    const after = await errorsOf(network, world);
    // σ√(K·channels)/(10·√64) is 0.02 for three electrodes; twice that for what overlaps.
    for (const error of after) expect(error).toBeLessThan(0.05);
    const losses = events.flatMap((event) => (event.type === 'epoch' ? [event.losses['filters']!] : []));
    expect(losses.at(-1)!).toBeLessThan(losses[0]!);
    network.dispose();
  });
});

describe('trainCrsae', () => {
  const world = makeWorld({ seed: 4, examples: 12, time: 80, length: 9, atoms: 2 });

  it('goes on bit for bit from a checkpoint: weights, optimisers, σ and the prior of λ', async () => {
    const make = () => networkOf(world, { weight: 1.5, layers: 6, from: 'near' });
    const optionsOf = (more: object) => ({
      noise: noiseLevel(2 * deviation),
      noiseLearningRate: 0.2,
      epochs: 3,
      batchSize: 4,
      ...more,
    });
    const everything = (network: Awaited<ReturnType<typeof make>>, { noise }: TrainCrsaeOptions) => [
      ...Object.keys(network.variables).map((name) => numbers(network, name)),
      noise.deviation,
    ];
    const whole = await make();
    const straight = optionsOf({});
    await collect(trainCrsae(whole, world.windows, straight));
    for (const left of [1, 3, 5]) {
      const store = memoryStore();
      const checkpoint = { store, everySteps: 1 };
      const first = await make();
      for await (const event of trainCrsae(first, world.windows, optionsOf({ checkpoint })))
        if (event.type === 'step' && event.step === left) break;
      const second = await make();
      const resumed = optionsOf({ checkpoint });
      await collect(trainCrsae(second, world.windows, resumed));
      expect(everything(second, resumed)).toEqual(everything(whole, straight));
      first.dispose();
      second.dispose();
    }
    whole.dispose();
  });

  it('encodes every batch once: the codes of the filters’ loss are those of λ and σ', async () => {
    const network = await networkOf(world, { weight: 1.5, layers: 3 });
    let encoded = 0;
    const counting: typeof network = {
      ...network,
      encode: (y, options) => {
        encoded++;
        return network.encode(y, options);
      },
    };
    const options = { noise: noiseLevel(deviation), noiseLearningRate: 0.1, refit: false, batchSize: 4 };
    const events = await collect(trainCrsae(counting, world.windows, { ...options, epochs: 2 }));
    expect(events.filter(({ type }) => type === 'step')).toHaveLength(6);
    expect(encoded).toBe(6);
    network.dispose();
  });

  it('tells its stages, λ and σ; is the same for a seed', async () => {
    const runs = [];
    for (const seed of [5, 5, 6]) {
      const network = await networkOf(world, { weight: 1.5, layers: 3, from: 'near' });
      const noise = noiseLevel(deviation);
      const events = await collect(
        trainCrsae(network, world.windows, {
          noise,
          epochs: 2,
          batchSize: 4,
          seed,
          noiseLearningRate: 0.1,
          summary: ({ layers }) => ({ layers }),
        }),
      );
      const steps = events.filter((event) => event.type === 'step');
      for (const { losses } of steps) expect(Object.keys(losses)).toEqual(['filters', 'noise']);
      expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'epochs' });
      const epochs = events.filter((event) => event.type === 'epoch');
      for (const { losses } of epochs) expect(Object.keys(losses)).toEqual(['filters', 'noise', 'refit']);
      const rates = await ratesOf(network, noise);
      expect(rates).toHaveLength(2);
      expect(epochs.at(-1)!.summary).toEqual({
        'rate/0': rates[0],
        'rate/1': rates[1],
        noise: noise.deviation,
        layers: 3,
      });
      numbers(network, 'prior.weight').forEach((weight, atom) => {
        expect(rates[atom]).toBeCloseTo(weight / noise.deviation ** 2, 12);
      });
      runs.push(numbers(network, 'operator.filters'));
      network.dispose();
    }
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).not.toEqual(runs[0]);
  });

  it('with detached codes comes to rest where Σ (y − Hx) ⋆ x is a multiple of every filter', async () => {
    const network = await networkOf(world, { weight: 1.5, layers: 20, from: 'near' });
    const [examples, time, channels] = world.windows.shape as [number, number, number];
    const [length, , atoms] = world.shape;
    /** What of Σ_j (y_j − H x_j) ⋆ x_j is not along h, over what is. */
    const tangent = async (): Promise<number> => {
      const { data: x } = await codesOf(network, world.windows);
      const h = numbers(network, 'operator.filters');
      const { synthesis, correlate, positions } = convolution(h, {
        time,
        channels,
        length,
        atoms,
        stride: 1,
      });
      const sum = new Float64Array(h.length);
      for (let example = 0; example < examples; example++) {
        const code = Float64Array.from(
          x.subarray(example * positions * atoms, (example + 1) * positions * atoms),
        );
        const explained = synthesis(code);
        const residual = explained.map(
          (value, i) => world.windows.data[example * time * channels + i]! - value,
        );
        correlate(residual, code).forEach((value, i) => {
          sum[i]! += value;
        });
      }
      let off = 0;
      let along = 0;
      for (let atom = 0; atom < atoms; atom++) {
        const of = (values: ArrayLike<number>) => Array.from(values).filter((_, i) => i % atoms === atom);
        const [s, f] = [of(sum), of(h)];
        const inner = s.reduce((total, value, i) => total + value * f[i]!, 0);
        along += inner ** 2;
        off += s.reduce((total, value, i) => total + (value - inner * f[i]!) ** 2, 0);
      }
      return Math.sqrt(off / along);
    };
    const start = await tangent();
    // The loss has a curvature of about Σ amplitude² = 2·8.5² = 145 a filter: gradient descent at 1/145 converges.
    const options = {
      noise: noiseLevel(deviation),
      sparsity: fixedWeight,
      refit: false,
      gradient: { last: 0 },
    };
    await collect(
      trainCrsae(network, world.windows, {
        ...options,
        optimizer: sgd({ rate: 0.005 }),
        epochs: 150,
        batchSize: 12,
      }),
    );
    expect(start).toBeGreaterThan(1);
    // Float32 sums of some thousand terms that cancel: 1e-4 of what is along h.
    expect(await tangent()).toBeLessThan(1e-3);
    network.dispose();
  });
});

import * as tf from '@tensorflow/tfjs-core';
import { useBackend, valueAndGradients } from '@unrolled/backend';
import { type Gradient, type Network, type Operator, type Prior, random } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { conv1d, unitSphere } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { fista, ista } from '@unrolled/solvers';
import { describe, expect, test, vi } from 'vitest';
import {
  adam,
  loadNetwork,
  networkArrays,
  nonNegative,
  reconstruction,
  saveNetwork,
  train,
  unroll,
} from '../src/index.ts';
import { elastic } from './elastic.ts';
import { makeExamples } from './toy.ts';

await useBackend('wasm');

const normal = (shape: number[], seed: number, deviation = 1): tf.Tensor => {
  const draw = random(seed);
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => draw.normal(0, deviation)),
    shape,
  );
};

const filters = tf.tidy(() => unitSphere(normal([5, 1, 2], 1)));
const problem = { operator: conv1d(filters), prior: l1(0.1), likelihood: gaussian() };
const y = normal([3, 24, 1], 2);

/** How many tensors there are at each call of the prox. */
function watched<N extends string>(prior: Prior<N>, seen: number[]): Prior<N> {
  // A shrinkage would be taken in place of the prox.
  const { shrinkage: _, ...others } = prior;
  return {
    ...others,
    prox: (v, step) => {
      seen.push(tf.memory().numTensors);
      return prior.prox(v, step);
    },
    with: (parameters) => watched(prior.with(parameters), seen),
  };
}

describe('memory', () => {
  test.each(['one', 'each'] as const)(
    'a pass without gradient holds one state, parameters for %s',
    async (share) => {
      const seen: number[] = [];
      const network = await unroll(fista({ ...problem, prior: watched(problem.prior, seen) }), {
        layers: 30,
        share: { 'prior.weight': share },
      });
      const before = tf.memory().numTensors;
      const code = network.encode(y);
      expect(tf.memory().numTensors).toBe(before + 1);
      expect(seen).toHaveLength(30);
      // Momentum begins with the second step: after that each layer finds what the one before it found.
      expect(new Set(seen.slice(2)).size).toBe(1);
      code.dispose();
      network.dispose();
    },
  );

  test('recomputing segments holds less on the way back than all layers do', async () => {
    const peak = async (gradient: Gradient) => {
      const seen: number[] = [];
      const network = await unroll(ista({ ...problem, prior: watched(problem.prior, seen) }), {
        layers: 64,
        train: ['operator.filters'],
      });
      const before = tf.memory().numTensors;
      const { value, gradients } = valueAndGradients(
        () => tf.sum(tf.square(network.encode(y, { gradient }))),
        network.trainable,
      );
      tf.dispose([value, gradients[0]!]);
      expect(tf.memory().numTensors).toBe(before);
      network.dispose();
      return Math.max(...seen) - before;
    };
    const [full, checkpointed, last] = [
      await peak('full'),
      await peak({ checkpoint: 8 }),
      await peak({ last: 4 }),
    ];
    expect(checkpointed).toBeLessThan(0.5 * full);
    expect(last).toBeLessThan(0.2 * full);
  });

  const modes: [string, Gradient][] = [
    ['full', 'full'],
    ['last', { last: 3 }],
    ['decoder only', { last: 0 }],
    ['checkpoint', { checkpoint: 4 }],
    ['implicit', { implicit: { residual: 1 } }],
  ];
  test.each(modes)('training leaves nothing behind: %s', async (mode, gradient) => {
    const before = tf.memory().numTensors;
    const network = await unroll(fista(problem), {
      layers: 8,
      train: ['operator.filters', 'prior.weight'],
      share: { 'prior.weight': mode === 'implicit' ? 'one' : 'each' },
      constraints: { 'operator.filters': unitSphere, 'prior.weight': nonNegative },
    });
    const stages = [
      {
        name: 'all',
        train: ['operator.filters', 'prior.weight'],
        loss: reconstruction({ gradient }),
        optimizer: adam({ rate: 0.1 }),
      },
    ];
    const examples = makeExamples();
    const counts: number[] = [];
    let left = 0;
    for await (const event of train(network, examples, { stages, epochs: 2, batchSize: 8 })) {
      if (event.type !== 'step') continue;
      counts.push(tf.memory().numTensors);
      if (++left === 6) break;
    }
    expect(new Set(counts.slice(0, 4)).size).toBe(1);
    for (const [name, { data }] of Object.entries(await networkArrays(network))) {
      // What has no gradient (a threshold with the decoder's gradient alone) is passed over; the rest moves, within its set.
      if (!name.startsWith('prior.weight')) continue;
      if (mode === 'decoder only') expect(data[0]).toBe(Math.fround(0.1));
      else expect(data[0]).toBeGreaterThanOrEqual(0);
      if (mode === 'full') expect(data[0]).not.toBe(Math.fround(0.1));
    }
    examples.dispose();
    network.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('gradients', () => {
  test.each(['gradient', 'monotone'] as const)(
    'go back through segments with restarts: %s',
    async (restart) => {
      const network = await unroll(fista(problem, { restart }), {
        layers: 20,
        train: ['operator.filters', 'prior.weight'],
      });
      const [full, checkpointed] = (['full', { checkpoint: 6 }] as Gradient[]).map((gradient) =>
        valueAndGradients(() => tf.sum(tf.square(network.encode(y, { gradient }))), network.trainable),
      );
      expect(checkpointed!.value.dataSync()).toEqual(full!.value.dataSync());
      for (const [index, gradient] of full!.gradients.entries()) {
        const [a, b] = [gradient!, checkpointed!.gradients[index]!];
        // The same sums in another order.
        expect(tf.div(tf.norm(tf.sub(a, b)), tf.norm(a)).dataSync()[0]!).toBeLessThan(1e-5);
      }
      network.dispose();
    },
  );

  test('reach what comes before the encoder, in every mode', async () => {
    // A weight that leaves a support on which the dictionary is well conditioned: the implicit gradient needs a limit.
    const network = await unroll(ista({ ...problem, prior: l1(0.5) }), { layers: 400 });
    const gain = tf.scalar(1.3);
    const slope = (gradient: Gradient): number => {
      const { value, gradients } = valueAndGradients(
        () => tf.sum(tf.square(network.encode(tf.mul(gain, y), { gradient }))),
        [gain],
      );
      const [found] = gradients[0]!.dataSync();
      tf.dispose([value, gradients[0]!]);
      return found!;
    };
    const full = slope('full');
    expect(Math.abs(slope({ checkpoint: 20 }) / full - 1)).toBeLessThan(1e-5);
    expect(Math.abs(slope({ last: 300 }) / full - 1)).toBeLessThan(1e-3);
    expect(Math.abs(slope({ implicit: {} }) / full - 1)).toBeLessThan(1e-3);
    network.dispose();
  });

  test('of the implicit kind are refused for one example that has not converged among many that have', async () => {
    const network = await unroll(ista(problem), { layers: 40, train: ['operator.filters'] });
    // All but the last example are silence, whose code is zero from the start.
    const mostly = tf.concat([tf.zeros([60, 24, 1]), tf.mul(1000, tf.slice(y, [0, 0, 0], [1, 24, 1]))]);
    expect(() => network.encode(mostly, { gradient: { implicit: { residual: 1e-6 } } })).toThrow(
      'one more layer moves',
    );
    network.dispose();
  });
});

describe("a stranger's prior", () => {
  test('is trained by layer, saved, and loaded into another network', async () => {
    const make = () =>
      unroll(ista({ ...problem, prior: elastic(tf.scalar(0.1), tf.scalar(0.5)) }), {
        layers: 4,
        train: ['prior.ridge'],
        share: { 'prior.ridge': 'each' },
      });
    const network = await make();
    expect(Object.keys(network.variables)).toEqual([
      'operator.filters',
      'prior.weight',
      'prior.ridge/1',
      'prior.ridge/2',
      'prior.ridge/3',
      'prior.ridge/4',
      'step',
    ]);
    const stages = [
      { name: 'ridge', train: ['prior.ridge'], loss: reconstruction(), optimizer: adam({ rate: 0.05 }) },
    ];
    for await (const _ of train(network, y, { stages, epochs: 3 }));
    const ridges = [1, 2, 3, 4].map((layer) => network.parameters(layer)['prior.ridge'].dataSync()[0]!);
    expect(new Set(ridges).size).toBe(4);

    const other = await make();
    expect(other.encode(y).dataSync()).not.toEqual(network.encode(y).dataSync());
    loadNetwork(other, await saveNetwork(network));
    expect(other.encode(y).dataSync()).toEqual(network.encode(y).dataSync());
  });
});

describe('roles', () => {
  test("a decoder of its own is trained beside the encoder's operator", async () => {
    const network = await unroll(ista(problem, { analysis: 'own' }), {
      layers: 3,
      decoder: 'own',
      train: ['operator.filters', 'analysis.filters'],
    });
    expect(Object.keys(network.variables)).toEqual([
      'operator.filters',
      'decoder.filters',
      'prior.weight',
      'analysis.filters',
      'step',
    ]);
    const { gradients } = valueAndGradients(
      () => reconstruction()(network as unknown as Network, y),
      network.trainable,
    );
    expect(network.trainable).toHaveLength(3);
    const sizes = gradients.map((gradient) => tf.norm(gradient!).dataSync()[0]!);
    expect(new Set(sizes).size).toBe(3);
    expect(Math.min(...sizes)).toBeGreaterThan(0);

    // The decoder's alone, where the encoder is a constant.
    const constant = valueAndGradients(
      () => reconstruction({ gradient: { last: 0 } })(network, y),
      network.trainable,
    );
    expect(constant.gradients.map((gradient) => gradient !== null)).toEqual([false, true, false]);
    network.dispose();
  });

  test('the trained problem is the network with its own tensors', async () => {
    const network = await unroll(fista(problem), { layers: 2, train: ['operator.filters'] });
    network.variables['operator.filters']!.assign(tf.mul(2, filters) as never);
    const twice = conv1d(tf.mul(2, filters)).adjoint(y);
    expect(network.problem().operator.adjoint(y).dataSync()).toEqual(twice.dataSync());
    expect(problem.operator.parameters.filters).toBe(filters);
    network.dispose();
  });
});

describe('refresh', () => {
  /** The problem's operator, counting how often its norm is asked for. */
  function counted(operator: Operator<'filters'>, asked: () => void): Operator<'filters'> {
    return {
      ...operator,
      lipschitz: () => {
        asked();
        return operator.lipschitz();
      },
      with: (parameters) => counted(operator.with(parameters), asked),
    };
  }
  const stepOf = async (network: Network, name: string) => (await network.variables[name]!.data())[0]!;

  test('gives the step again, once where the layers share it', async () => {
    const asked = vi.fn();
    const network = await unroll(fista({ ...problem, operator: counted(problem.operator, asked) }), {
      layers: 6,
      train: ['operator.filters'],
      share: { 'prior.weight': 'each' },
    });
    const before = await stepOf(network, 'step');
    network.variables['operator.filters']!.assign(tf.mul(2, filters) as never);
    asked.mockClear();
    const tensors = tf.memory().numTensors;
    await network.refresh();
    expect(tf.memory().numTensors).toBe(tensors);
    expect(asked).toHaveBeenCalledTimes(1);
    expect((await stepOf(network, 'step')) / before).toBeCloseTo(1 / 4, 6);
    network.dispose();
  });

  test('gives every layer its own where it has one, and leaves a trained step alone', async () => {
    const each = await unroll(fista(problem), {
      layers: 3,
      train: ['operator.filters'],
      share: { 'operator.filters': 'each', step: 'each' },
    });
    const before = await stepOf(each, 'step/1');
    each.variables['operator.filters/2']!.assign(tf.mul(2, filters) as never);
    await each.refresh();
    expect(await stepOf(each, 'step/1')).toBe(before);
    expect((await stepOf(each, 'step/2')) / before).toBeCloseTo(1 / 4, 6);
    expect(await stepOf(each, 'step/3')).toBe(before);

    const trained = await unroll(fista(problem), { layers: 3, train: ['step'] });
    trained.variables['operator.filters']!.assign(tf.mul(2, filters) as never);
    await trained.refresh();
    expect(await stepOf(trained, 'step')).toBe(before);
  });

  test('of a step that the layers share, while their filters differ, is what is safe in all of them', async () => {
    const network = await unroll(ista(problem), {
      layers: 3,
      train: ['operator.filters'],
      share: { 'operator.filters': 'each' },
    });
    const before = await stepOf(network, 'step');
    // The largest norm is neither the first layer's nor the last one's.
    for (const [layer, factor] of [2, 3, 0.5].entries()) {
      network.variables[`operator.filters/${layer + 1}`]!.assign(tf.mul(factor, filters) as never);
    }
    const tensors = tf.memory().numTensors;
    await network.refresh();
    expect(tf.memory().numTensors).toBe(tensors);
    expect((await stepOf(network, 'step')) / before).toBeCloseTo(1 / 9, 6);
    network.dispose();
  });

  test('of anything else that the layers share, while what it follows from differs, is refused', async () => {
    const iteration = ista(problem);
    const inverse: typeof iteration = {
      ...iteration,
      refresh: async (parameters) => ({ 'prior.weight': tf.norm(parameters['operator.filters'], 1, [0, 1]) }),
    };
    const network = await unroll(inverse, { layers: 2, share: { 'operator.filters': 'each' } });
    const tensors = tf.memory().numTensors;
    await expect(network.refresh()).rejects.toThrow("share.prior.weight: expected 'each'");
    expect(tf.memory().numTensors).toBe(tensors);
  });
});

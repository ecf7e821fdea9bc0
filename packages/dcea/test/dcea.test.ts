import * as tf from '@tensorflow/tfjs-core';
import { useBackend, valueAndGradients } from '@unrolled/backend';
import type { Network } from '@unrolled/contracts';
import { binomial, gaussian, poisson } from '@unrolled/likelihoods';
import { convolution, unitSphere } from '@unrolled/operators';
import { l1, ridge } from '@unrolled/prox';
import { fista, ista, nesterovMomentum } from '@unrolled/solvers';
import { nonNegative, reconstruction, unroll } from '@unrolled/unroll';
import { describe, expect, test } from 'vitest';
import { crsae } from '../../crsae/src/index.ts';
import { type DceaOptions, dcea, imageFilters } from '../src/index.ts';
import { releasedNetwork } from './reference/released-network.ts';
import { apart, counts, normal } from './tensors.ts';

await useBackend('wasm');

const trainedNumbers = ({ trainable }: Network): number =>
  trainable.reduce((sum, variable) => sum + variable.size, 0);

/** Codes, loss and gradients of a network on its own reconstruction, number by number. */
async function bitsOf(network: Network, y: tf.Tensor) {
  const code = network.encode(y);
  const { value, gradients } = valueAndGradients(() => reconstruction()(network, y), network.trainable);
  const tensors = [code, network.decode(code), value, ...gradients.map((gradient) => gradient!)];
  const numbers = await Promise.all(tensors.map(async (tensor) => Array.from(await tensor.data())));
  tf.dispose(tensors);
  return numbers;
}

test('the released image networks have 20 618 parameters tied and 61 516 untied (O-26)', async () => {
  const released = {
    filters: imageFilters({ size: 11, atoms: 169 }),
    prior: l1(new Array<number>(169).fill(0.1), { nonNegative: true }),
    likelihood: poisson({ peak: 4 }),
    layers: 15,
    stride: 7,
    step: 1,
    norms: 'free',
  } as const;
  const tied = await dcea(released);
  expect(trainedNumbers(tied)).toBe(20_618);
  expect(Object.keys(tied.variables)).toEqual(['operator.filters', 'prior.weight', 'step']);
  const untied = await dcea({ ...released, weights: 'untied' });
  expect(trainedNumbers(untied)).toBe(61_516);
  const names = ['operator.filters', 'decoder.filters', 'prior.weight', 'analysis.filters', 'step'];
  expect(Object.keys(untied.variables)).toEqual(names);
  expect(untied.variables['operator.filters']!.shape).toEqual([11, 11, 1, 169]);
  expect((await untied.variables['step']!.data())[0]).toBe(1);
});

describe('the Gaussian DCEA is CRsAE, to the last bit', () => {
  test.each([
    { sizes: [7, 2, 3], signal: [2, 26, 2], stride: 1 },
    { sizes: [5, 4, 1, 4], signal: [2, 14, 13, 1], stride: 3 },
  ])('codes, reconstructions and gradients, filters $sizes', async ({ sizes, signal, stride }) => {
    const [filters, y] = [normal(sizes, 1), normal(signal, 2)];
    const weight = new Array<number>(sizes.at(-1)!).fill(0.1);
    const prior = l1(weight, { nonNegative: true });
    const common = { filters, layers: 8, stride };
    // The gradient of the weights too: CRsAE trains them on this loss in one of its schemes.
    const plain = await dcea({ ...common, prior, likelihood: gaussian() });
    const operator = convolution(unitSphere(filters), { stride });
    const itsIsta = await unroll(ista({ operator, prior, likelihood: gaussian() }), {
      layers: 8,
      train: ['operator.filters', 'prior.weight'],
    });
    expect(await bitsOf(plain, y)).toEqual(await bitsOf(itsIsta, y));
    const momentum = nesterovMomentum;
    const fast = await dcea({ ...common, prior, likelihood: gaussian(), momentum });
    expect(await bitsOf(fast, y)).toEqual(await bitsOf(await crsae({ ...common, weight }), y));
  });
});

describe('the released network of photon images', () => {
  const [size, atoms, stride, layers, baseline] = [4, 5, 3, 6, 0.3];
  const picture = { height: 13, width: 10 };

  /** One with three different banks, some atoms of it always on. */
  const untied = async (peak: number) => {
    const bias = [0.02, -0.05, 0.1, -0.3, 0.01];
    const network = await dcea({
      filters: normal([size, size, 1, atoms], 1, 0.15),
      prior: l1(tf.tensor1d(bias), { nonNegative: true }),
      likelihood: poisson({ peak, baseline }),
      layers,
      stride,
      step: 1,
      norms: 'free',
      weights: 'untied',
    });
    for (const [index, name] of (['analysis.filters', 'decoder.filters'] as const).entries())
      network.variables[name]!.assign(normal([size, size, 1, atoms], 2 + index, 0.15));
    return { network, bias };
  };

  test.each([1, 4])('is the recursion written out in float64, peak %d', async (peak) => {
    const { network, bias } = await untied(peak);
    const y = counts([1, picture.height, picture.width, 1], 5, peak);
    const bank = async (name: string) => Array.from(await network.variables[name]!.data());
    const expected = releasedNetwork(
      { data: await y.data(), ...picture },
      {
        residual: await bank('operator.filters'),
        analysis: await bank('analysis.filters'),
        decoder: await bank('decoder.filters'),
      },
      { size, atoms, stride, bias, baseline, peak, layers },
    );
    const code = network.encode(y);
    // Six layers, each of a sum over 60 and one over 16 products and an exponential, in float32.
    expect(apart(await code.data(), expected.code)).toBeLessThan(1e-5);
    expect(apart(await network.decode(code).data(), expected.eta)).toBeLessThan(1e-5);
  });

  test('all three banks, the bias and the baseline have gradients, which are finite differences', async () => {
    const { network } = await untied(4);
    const y = counts([2, picture.height, picture.width, 1], 6, 3);
    const loss = () => reconstruction()(network, y);
    const names = [
      'operator.filters',
      'analysis.filters',
      'decoder.filters',
      'prior.weight',
      'likelihood.baseline',
    ];
    const variables = names.map((name) => network.variables[name]!);
    const { gradients } = valueAndGradients(loss, variables);
    for (const [index, variable] of variables.entries()) {
      const direction = normal(variable.shape, 7 + index, 0.3);
      const slope = (await tf.sum(tf.mul(gradients[index]!, direction)).data())[0]!;
      const start = tf.clone(variable);
      const at = async (distance: number) => {
        variable.assign(tf.add(start, tf.mul(distance, direction)));
        return (await loss().data())[0]!;
      };
      const difference = ((await at(5e-4)) - (await at(-5e-4))) / 1e-3;
      variable.assign(start);
      // The loss is about 100 and rounds to 1e-5, which is 0.01 of slope; few ReLUs turn on so short a way.
      expect(Math.abs(slope)).toBeGreaterThan(0.5);
      expect(Math.abs(slope - difference), names[index]).toBeLessThan(0.005 * Math.abs(slope) + 0.05);
    }
  });

  test('its bounded residual does nothing in the first layer where the baseline is below every count', async () => {
    const y = tf.add(1, counts([1, 12, 12, 1], 8, 2));
    const codeOf = async (peak?: number) => {
      const network = await dcea({
        filters: normal([3, 3, 1, 4], 1, 0.1),
        prior: l1(0.05, { nonNegative: true }),
        likelihood: poisson({ baseline: Math.log(0.9), ...(peak !== undefined && { peak }) }),
        layers: 1,
        step: 1,
        norms: 'free',
      });
      return network.encode(y).data();
    };
    expect(await codeOf(1)).toEqual(await codeOf());
  });
});

describe('what is chosen', () => {
  const filters = () => normal([5, 1, 3], 1);
  const rates = { likelihood: binomial({ trials: 25, baseline: -2 }), layers: 5 };

  test('by default: unit norms, the step 1/(curvature·‖H‖²), all of the filters and the prior trained', async () => {
    const network = await dcea({ filters: tf.mul(7, filters()), prior: l1(0.1), ...rates });
    const squares = tf.sum(tf.square(network.variables['operator.filters']!), [0, 1]);
    for (const square of await squares.data()) expect(square).toBeCloseTo(1, 5);
    const { operator, likelihood } = network.problem();
    const bound = likelihood.curvature * (await operator.lipschitz());
    expect((await network.variables['step']!.data())[0]! * bound).toBeCloseTo(1, 5);
    expect(trainedNumbers(network)).toBe(15 + 1);
    const trainable = Object.entries(network.variables).filter(([, variable]) => variable.trainable);
    expect(trainable.map(([name]) => name)).toEqual(['operator.filters', 'prior.weight']);
  });

  test('other parameters, other priors, constraints: by name', async () => {
    const network = await dcea({
      filters: filters(),
      prior: ridge(0.5),
      ...rates,
      weights: 'untied',
      train: ['analysis.filters', 'likelihood.baseline', 'prior.weight'],
      constraints: { 'prior.weight': nonNegative },
    });
    network.variables['prior.weight']!.assign(tf.scalar(-1));
    network.variables['analysis.filters']!.assign(tf.mul(3, filters()));
    network.constrain();
    expect((await network.variables['prior.weight']!.data())[0]).toBe(0);
    const squares = tf.sum(tf.square(network.variables['analysis.filters']!), [0, 1]);
    for (const square of await squares.data()) expect(square).toBeCloseTo(1, 5);
    expect(trainedNumbers(network)).toBe(15 + 1 + 1);
  });

  test('nothing keeps a weight from being negative unless it is asked for', async () => {
    const network = await dcea({ filters: filters(), prior: l1(0.1, { nonNegative: true }), ...rates });
    network.variables['prior.weight']!.assign(tf.scalar(-0.2));
    network.constrain();
    expect((await network.variables['prior.weight']!.data())[0]).toBeCloseTo(-0.2, 6);
    const y = tf.zeros([1, 12, 1]);
    // Units that are always on.
    expect((await tf.min(network.encode(y)).data())[0]).toBeGreaterThanOrEqual(0);
    network.dispose();
  });

  test('the objective of the binomial falls from layer to layer, FISTA falls further', async () => {
    const y = tf.tensor3d(Array.from(await counts([24], 3, 3).data()), [1, 24, 1]);
    const values: number[] = [];
    const objectiveAfter = async (layers: number, accelerated = false) => {
      const prior = l1(0.2);
      const momentum = accelerated ? { momentum: nesterovMomentum } : {};
      const network = await dcea({ filters: filters(), prior, ...rates, layers, ...momentum });
      const { likelihood } = network.problem();
      const code = network.encode(y);
      const value = tf.add(likelihood.negLogLik(y, network.decode(code)), prior.value(code));
      return (await value.data())[0]!;
    };
    for (const layers of [1, 2, 4, 8, 16]) values.push(await objectiveAfter(layers));
    for (let index = 1; index < values.length; index++)
      expect(values[index]!).toBeLessThan(values[index - 1]!);
    expect(await objectiveAfter(16, true)).toBeLessThan(values.at(-1)!);
  });

  test('leaves nothing behind but its variables', async () => {
    const [given, prior] = [filters(), l1(0.1)];
    const before = tf.memory().numTensors;
    const network = await dcea({ filters: given, prior, ...rates, weights: 'untied' });
    expect(tf.memory().numTensors).toBe(before + Object.keys(network.variables).length);
    network.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('refuses', () => {
  const good = () => ({
    filters: normal([5, 1, 3], 1),
    prior: l1(0.1),
    likelihood: gaussian(),
    layers: 2,
  });
  type Options = DceaOptions<ReturnType<typeof good>['prior'], ReturnType<typeof good>['likelihood'], 'tied'>;
  test.each<[string, object, string]>([
    [
      'filters that are none',
      { filters: tf.ones([5, 3]) },
      'filters: expected filters [time, channels, atoms] or',
    ],
    [
      'a filter that is zero',
      { filters: tf.zeros([5, 1, 3]) },
      'filters: expected filters that are not zero',
    ],
    ['a filter that is not finite', { filters: tf.fill([5, 1, 3], Number.NaN) }, 'filters: expected finite'],
    ['no layers', { layers: 0 }, 'layers'],
    ['half a stride', { stride: 1.5 }, 'stride'],
    ['a step of 0', { step: 0 }, 'step'],
    [
      'no step where the curvature has no bound',
      { likelihood: poisson({ peak: 4 }) },
      'step: expected a number > 0',
    ],
    ['weights that are none', { weights: 'free' }, 'weights: expected one of tied, untied'],
    ['norms that are none', { norms: 'none' }, 'norms: expected one of unit, free'],
    ['a momentum that is none', { momentum: 0.9 }, 'momentum'],
    ['a likelihood as a prior', { prior: gaussian() }, 'problem.prior: expected a prior'],
    ['no prior', { prior: undefined }, 'problem.prior'],
    ['a parameter that is none', { train: ['operator.atoms'] }, 'train: expected one of'],
    ['an option that is none', { layer: 2 }, 'dcea: unknown option "layer"'],
  ])('%s', async (_, wrong, message) => {
    const options = { ...good(), ...wrong } as Options;
    const before = tf.memory().numTensors;
    await expect(dcea(options)).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('the FISTA of the library is that of the network', async () => {
  const y = counts([1, 30, 1], 4, 2);
  const [filters, prior] = [normal([6, 1, 2], 1), l1(0.1)];
  const likelihood = poisson({ largestRate: 20 });
  const network = await dcea({ filters, prior, likelihood, layers: 6, momentum: nesterovMomentum });
  const operator = convolution(unitSphere(filters));
  const plain = await unroll(fista({ operator, prior, likelihood }), { layers: 6 });
  expect(await network.encode(y).data()).toEqual(await plain.encode(y).data());
});

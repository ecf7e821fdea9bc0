import * as tf from '@tensorflow/tfjs-core';
import { type Stage, train } from '@unrolled/unroll';
import { describe, expect, it } from 'vitest';
import { watchTensors } from '../../backend/test/support/watch-tensors.ts';
import {
  type BatchCodes,
  backpropagatedWeight,
  type Crsae,
  closedFormRate,
  codesOf,
  fixedWeight,
  flatPrior,
  gammaPrior,
  noiseLevel,
  noiseStage,
  rateByGradient,
  rateInClosedForm,
  ratesOf,
  type Sparsity,
  type TrainCrsaeOptions,
  trainCrsae,
} from '../src/index.ts';
import { deviation, makeWorld, networkOf, numbers, type World } from './world.ts';

watchTensors();

const world = makeWorld({ seed: 3, examples: 16, time: 100, length: 9, atoms: 2 });
/** Two spikes of each filter in 600 samples, not in 100. */
const sparse = makeWorld({ seed: 3, examples: 6, time: 600, length: 9, atoms: 2 });
const { windows, codeLength } = world;
const variance = deviation ** 2;

async function drain(events: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of events);
}

/** An E-step that always finds the codes given. */
const frozen = (codes: tf.Tensor): BatchCodes => ({
  of: () => codes,
  watch: (network) => network,
  dispose: () => undefined,
});

/** Codes with 12 % of their entries not zero, of different sizes for each atom; m_c with them. */
function someCodes() {
  const values = Float32Array.from({ length: 16 * codeLength * 2 }, (_, index) =>
    index % 17 < 2 ? 1 + (index % 5) + 3 * (index % 2) : 0,
  );
  const means = [0, 1].map(
    (atom) => values.reduce((sum, value, index) => sum + (index % 2 === atom ? value : 0), 0) / 16,
  );
  return { codes: tf.tensor3d(values, [16, codeLength, 2]), means };
}

/** Runs stages on whole batches, so many times. */
const run = (network: Crsae, stages: readonly Stage[], epochs: number) =>
  drain(train(network, windows, { stages, epochs, batchSize: 16 }));

describe('λ on codes held fixed', () => {
  const prior = gammaPrior({ mean: 2, strength: 40 });
  const rules: [string, (options: { shared: boolean }) => Sparsity][] = [
    ['rateByGradient', ({ shared }) => rateByGradient({ learningRate: 0.05, prior, shared })],
    ['rateInClosedForm', ({ shared }) => rateInClosedForm({ prior, shared })],
  ];
  const cases = rules.flatMap(([name, rule]) => [false, true].map((shared) => ({ name, rule, shared })));
  it.each(cases)('converges to the closed form: $name, shared: $shared', async ({ rule, shared }) => {
    const network = await networkOf(world, { weight: [2 * variance, 1.2 * variance], layers: 2 });
    const { codes, means } = someCodes();
    const noise = noiseLevel(deviation);
    await run(network, rule({ shared }).stages(noise, frozen(codes)), 150);
    const expected = closedFormRate(means, { codeLength, prior, shared });
    const found = await ratesOf(network, noise);
    for (const [atom, rate] of found.entries())
      expect(Math.abs(rate / expected[atom]! - 1)).toBeLessThan(0.01);
    // Atoms that are not shared have rates of their own, here well apart.
    if (shared) expect(numbers(network, 'prior.weight')[0]).toBe(numbers(network, 'prior.weight')[1]);
    else expect(Math.abs(expected[0]! / expected[1]! - 1)).toBeGreaterThan(0.05);
    codes.dispose();
    network.dispose();
  });

  it('moves by 1 − smoothing of the way in closed form', async () => {
    const network = await networkOf(world, { weight: 5 * variance, layers: 2 });
    const { codes, means } = someCodes();
    const noise = noiseLevel(deviation);
    await run(network, rateInClosedForm({ prior, smoothing: 0.75 }).stages(noise, frozen(codes)), 1);
    const target = closedFormRate(means, { codeLength, prior });
    const found = await ratesOf(network, noise);
    // One rounding of the weight to float32.
    found.forEach((rate, atom) => {
      expect(rate).toBeCloseTo(0.75 * 5 + 0.25 * target[atom]!, 5);
    });
    codes.dispose();
    network.dispose();
  });

  it('stays as it was for an atom that is not used and has no prior', async () => {
    const network = await networkOf(world, { weight: 5 * variance, layers: 2 });
    const { codes } = someCodes();
    const onlyOne = tf.tidy(() => tf.mul(codes, tf.tensor1d([1, 0])));
    await run(
      network,
      rateInClosedForm({ prior: flatPrior }).stages(noiseLevel(deviation), frozen(onlyOne)),
      3,
    );
    const [used, unused] = numbers(network, 'prior.weight');
    expect(unused).toBeCloseTo(5 * variance, 6);
    expect(used).not.toBeCloseTo(5 * variance, 2);
    tf.dispose([codes, onlyOne]);
    network.dispose();
  });

  it('says so where a step of Adam takes λ to zero', async () => {
    const network = await networkOf(world, { weight: variance, layers: 2 });
    const { codes } = someCodes();
    const rule = rateByGradient({ learningRate: 50, prior: gammaPrior({ mean: 0.01, strength: 1e4 }) });
    await expect(run(network, rule.stages(noiseLevel(deviation), frozen(codes)), 3)).rejects.toThrow(
      'stage rate',
    );
    codes.dispose();
    network.dispose();
  });
});

describe('λ trained with its codes', () => {
  // In the sparse world N_e/m_c, the rate of the codes alone, grows faster than λ: λ (2·10 − 2 σ²λ) = 592 has no solution.
  const weight = 1.5;
  const start = weight / variance;
  /** λ after every epoch, the filters all but held: one row an epoch. */
  const history = async (sparsity: Sparsity, epochs: number, of = sparse): Promise<Float64Array[]> => {
    const network = await networkOf(of, { weight, layers: 10 });
    const noise = noiseLevel(deviation);
    const options = { noise, sparsity, refit: false, gradient: { last: 0 }, epochs, batchSize: 16 };
    const rates: Float64Array[] = [];
    for await (const event of trainCrsae(network, of.windows, options))
      if (event.type === 'epoch') rates.push(await ratesOf(network, noise));
    network.dispose();
    return rates;
  };

  it('comes to rest by default, at no more than a third above where it began', async () => {
    const rates = await history(rateInClosedForm({ smoothing: 0.5 }), 25);
    rates.at(-1)!.forEach((rate, atom) => {
      // λ* = (N_e + 3 N_e) / (m_c + 3 N_e/λ_start) ≤ 4/3 λ_start.
      expect(rate / start).toBeGreaterThan(1);
      expect(rate / start).toBeLessThan(4 / 3);
      expect(Math.abs(rate / rates.at(-6)![atom]! - 1)).toBeLessThan(0.01);
    });
  });

  it('runs away without a prior: why there is one', async () => {
    const rates = await history(rateInClosedForm({ prior: flatPrior, smoothing: 0.5 }), 25);
    for (const rate of rates.at(-1)!) expect(rate / start).toBeGreaterThan(3);
  });

  it('by gradient comes to rest at the same rate as in closed form', async () => {
    const closed = (await history(rateInClosedForm({ shared: true, smoothing: 0.5 }), 30, world)).at(-1)!;
    const rule = rateByGradient({ learningRate: 0.3, shared: true });
    const byGradient = (await history(rule, 80, world)).at(-1)!;
    // Whole batches, so that both converge to one fixed point; Adam swings about it.
    expect(Math.abs(byGradient[0]! / closed[0]! - 1)).toBeLessThan(0.01);
  });

  it('within 1 % of the closed form on all codes, at the end', async () => {
    const network = await networkOf(world, { weight, layers: 20 });
    const noise = noiseLevel(deviation);
    const prior = gammaPrior({ mean: start, windows: 2, codeLength });
    const sparsity = rateInClosedForm({ prior });
    await drain(
      trainCrsae(network, windows, { noise, sparsity, refit: false, gradient: { last: 0 }, epochs: 60 }),
    );
    const { data } = await codesOf(network, windows);
    const means = [0, 1].map(
      (atom) => data.reduce((sum, value, i) => sum + (i % 2 === atom ? Math.abs(value) : 0), 0) / 16,
    );
    const expected = closedFormRate(means, { codeLength, prior });
    const found = await ratesOf(network, noise);
    found.forEach((rate, atom) => {
      expect(Math.abs(rate / expected[atom]! - 1)).toBeLessThan(0.01);
    });
    network.dispose();
  });
});

describe('the ablations', () => {
  const after = async (sparsity: Sparsity, gradient: TrainCrsaeOptions['gradient'] = 'full') => {
    const network = await networkOf(world, { weight: 1.5, layers: 5, from: 'near' });
    const filters = numbers(network, 'operator.filters');
    const options = {
      noise: noiseLevel(deviation),
      sparsity,
      gradient,
      refit: false,
      epochs: 1,
      batchSize: 16,
    };
    await drain(trainCrsae(network, windows, options));
    const weights = numbers(network, 'prior.weight');
    const moved = numbers(network, 'operator.filters').some((value, i) => value !== filters[i]);
    network.dispose();
    return { weights, moved };
  };

  it('fixedWeight leaves the weight alone, bit for bit', async () => {
    expect(await after(fixedWeight)).toEqual({ weights: [1.5, 1.5], moved: true });
  });

  it('backpropagatedWeight takes it along with the filters, down', async () => {
    const { weights, moved } = await after(backpropagatedWeight);
    expect(moved).toBe(true);
    // Adam's first step is its rate, 0.01, against the gradient's sign; less shrinkage explains more.
    for (const value of weights) expect(value).toBeCloseTo(1.5 - 0.01, 5);
    // There is nothing to be followed where no gradient goes through the encoder.
    expect((await after(backpropagatedWeight, { last: 0 })).weights).toEqual([1.5, 1.5]);
  });
});

describe('noiseStage', () => {
  it('takes σ to the rms of the residual, geometrically, and keeps λ', async () => {
    const network = await networkOf(world, { weight: 1.5, layers: 20 });
    const y = tf.tensor(windows.data, [...windows.shape]);
    const codes = network.encode(y);
    const rms = tf.tidy(() => tf.sqrt(tf.mean(tf.square(tf.sub(y, network.decode(codes))))).dataSync()[0]!);
    const noise = noiseLevel(3);
    const before = await ratesOf(network, noise);
    // Batches in another order have the same rms over all: the codes here are of all windows, in their order.
    const ordered = { batches: 1, epoch: () => [tf.clone(y)] };
    const stages = [noiseStage(noise, frozen(codes), { learningRate: 0.25 })];
    await drain(train(network, ordered, { stages, epochs: 8 }));
    expect(noise.deviation).toBeCloseTo(rms + 0.75 ** 8 * (3 - rms), 5);
    const rates = await ratesOf(network, noise);
    // Eight roundings of the weight.
    rates.forEach((rate, atom) => {
      expect(Math.abs(rate / before[atom]! - 1)).toBeLessThan(1e-6);
    });
    await drain(
      train(network, ordered, { stages: [noiseStage(noise, frozen(codes), { learningRate: 1 })], epochs: 1 }),
    );
    expect(noise.deviation).toBeCloseTo(rms, 6);
    tf.dispose([y, codes]);
    network.dispose();
  });

  /** σ over the truth, from 0.7 of it, in a world with d spikes a sample; λ is such that the weight is 5 σ at the true σ. */
  const sigmaIn = async (of: World): Promise<number> => {
    const noise = noiseLevel(0.7 * deviation);
    const network = await networkOf(of, { weight: 0.7 ** 2 * 5 * deviation, layers: 25 });
    const options = {
      noise,
      sparsity: fixedWeight,
      refit: false,
      gradient: { last: 0 },
      noiseLearningRate: 0.5,
    };
    await drain(trainCrsae(network, of.windows, { ...options, epochs: 20, batchSize: 16 }));
    network.dispose();
    return noise.deviation / deviation;
  };

  it('comes to rest where what shrinkage leaves is part of the noise', async () => {
    // s = σ²/σ_true² = 1 + d (λ σ_true)² s², with 4 spikes in 600 samples and λ σ_true = 5: 1.27.
    const a = (4 / 600) * 5 ** 2;
    const expected = Math.sqrt((1 - Math.sqrt(1 - 4 * a)) / (2 * a));
    // Spikes that overlap and noise that is explained: a tenth.
    expect(Math.abs((await sigmaIn(sparse)) / expected - 1)).toBeLessThan(0.1);
  });

  it('runs away where that has no solution, as its description says', async () => {
    // 4 d (λ σ_true)² = 4 · 0.04 · 25 = 4 > 1.
    expect(await sigmaIn(world)).toBeGreaterThan(4);
  });
});

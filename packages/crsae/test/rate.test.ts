import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';
import { describe, expect, it } from 'vitest';
import { watchTensors } from '../../backend/test/support/watch-tensors.ts';
import {
  closedFormRate,
  flatPrior,
  gammaPrior,
  meanAbsoluteCode,
  rateLoss,
  universalWeight,
} from '../src/index.ts';
import { normals } from './tensors.ts';

watchTensors();

describe('universalWeight', () => {
  it('has the values of the papers’ settings', () => {
    // algorithms: √(2 ln(C N_e)) = 4.0686 for C = 4, 3.9973 for C = 3, N_e = 983.
    expect(universalWeight({ noiseDeviation: 1, atoms: 4, codeLength: 983 })).toBeCloseTo(4.0686, 3);
    expect(universalWeight({ noiseDeviation: 0.5, atoms: 3, codeLength: 983, multiplier: 2 })).toBeCloseTo(
      3.9973,
      3,
    );
  });
});

describe('gammaPrior', () => {
  it('has its mean, and the strength of windows', () => {
    expect(gammaPrior({ mean: 20, strength: 50 })).toEqual({ shape: 1000, inverseScale: 50 });
    const { shape, inverseScale } = gammaPrior({ mean: 20, windows: 3, codeLength: 483 });
    expect(shape / inverseScale).toBeCloseTo(20, 12);
    // As much as three windows: where the codes are those of its mean, a quarter of the rate is theirs.
    const rate = (m: number) =>
      closedFormRate([m], {
        codeLength: 483,
        prior: gammaPrior({ mean: 20, windows: 3, codeLength: 483 }),
      })[0]!;
    expect(rate(483 / 20)).toBeCloseTo(20, 1);
    // And no codes at all take it to (N_e + 3 N_e)/(3 N_e + 1), below 4/3.
    expect(rate(0) / 20).toBeCloseTo((4 * 483) / (3 * 483 + 1), 12);
  });
});

describe('closedFormRate (O-19)', () => {
  /** ℓ(λ) in float64. */
  const loss = (
    rates: readonly number[],
    m: readonly number[],
    codeLength: number,
    r: number,
    delta: number,
  ): number =>
    rates.reduce(
      (sum, rate, c) => sum + rate * m[c]! - (codeLength + r - 1) * Math.log(rate) + delta * rate,
      0,
    );
  const m = [3.2, 0.4, 11];
  const codeLength = 483;
  const prior = gammaPrior({ mean: 20, strength: 2 });

  it.each([false, true])('is stationary for the loss, shared: %s', (shared) => {
    const rates = [...closedFormRate(m, { codeLength, prior, shared })];
    // Central differences of a function of order 1e3 in float64: 1e-16·1e3/1e-4 = 1e-9 rounding, 1e-8 truncation.
    const h = 1e-4;
    const slopes = rates.map((_, c) => {
      const moved = (by: number) => rates.map((rate, other) => (shared || other === c ? rate + by : rate));
      return (
        (loss(moved(h), m, codeLength, prior.shape, prior.inverseScale) -
          loss(moved(-h), m, codeLength, prior.shape, prior.inverseScale)) /
        (2 * h)
      );
    });
    for (const slope of slopes) expect(Math.abs(slope)).toBeLessThan(1e-6);
  });

  it('tends to the maximum-likelihood rate without a prior, and to the mean with a strong one', () => {
    expect([...closedFormRate(m, { codeLength, prior: flatPrior })]).toEqual(
      m.map((value) => codeLength / value),
    );
    const pinned = closedFormRate(m, { codeLength, prior: gammaPrior({ mean: 20, strength: 1e9 }) });
    for (const rate of pinned) expect(rate).toBeCloseTo(20, 3);
  });

  it('has no bound for an unused atom without a prior', () => {
    expect([...closedFormRate([1, 0], { codeLength, prior: flatPrior })]).toEqual([codeLength, Infinity]);
    // With a prior it is that of the prior and N_e zeros.
    const [rate] = closedFormRate([0], { codeLength, prior });
    expect(rate).toBeCloseTo((codeLength + prior.shape - 1) / prior.inverseScale, 9);
  });

  it('agrees with the tensor loss: its gradient vanishes there', () => {
    const draw = random(1);
    const host = Float32Array.from({ length: 4 * 50 * 3 }, () => Math.max(0, draw.normal()));
    const codes = tf.tensor3d(host, [4, 50, 3]);
    const means = [0, 1, 2].map(
      (c) => host.reduce((sum, value, index) => sum + (index % 3 === c ? value : 0), 0) / 4,
    );
    const rates = closedFormRate(means, { codeLength: 50, prior });
    const rate = tf.tensor1d(Float32Array.from(rates));
    const gradient = tf.grad((at: tf.Tensor) => rateLoss(at, codes, prior))(rate);
    // Terms of order m + δ ≈ 20 cancel in float32: 20·6e-8·(a few roundings) stays below 1e-4.
    for (const slope of gradient.dataSync()) expect(Math.abs(slope)).toBeLessThan(1e-4);
    tf.dispose([codes, rate, gradient]);
  });
});

describe('codes of images', () => {
  it('count by all their positions, rows and columns, as those of signals do', async () => {
    const values = normals(7, 3, 4, 5, 2);
    const prior = gammaPrior({ mean: 3, windows: 2, codeLength: 20 });
    const found = [[3, 4, 5, 2] as const, [3, 20, 2] as const].map((shape) => {
      const [codes, rates] = [tf.tensor(values, [...shape]), tf.tensor1d([2, 5])];
      const [means, loss] = [meanAbsoluteCode(codes), rateLoss(rates, codes, prior)];
      const numbers = { means: [...means.dataSync()], loss: loss.dataSync()[0]! };
      tf.dispose([codes, rates, means, loss]);
      return numbers;
    });
    // The same sums, in another order.
    found[0]!.means.forEach((mean, atom) => {
      expect(mean).toBeCloseTo(found[1]!.means[atom]!, 4);
    });
    expect(found[0]!.loss).toBeCloseTo(found[1]!.loss, 3);
    expect(found[0]!.means).toHaveLength(2);
  });
});

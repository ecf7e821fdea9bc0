import { useBackend } from '@unrolled/backend';
import { random } from '@unrolled/contracts';
import { image } from '@unrolled/images';
import { beforeAll, describe, expect, test } from 'vitest';
import { claims, lead } from '../src/poisson/claims.ts';
import type { Results } from '../src/poisson/experiment.ts';
import { capped, overExposures } from '../src/poisson/exposures.ts';
import { falling } from '../src/poisson/job.ts';
import { networkOf } from '../src/poisson/network.ts';
import { halvePhotons, likelihoodGain, smoothed } from '../src/poisson/photons.ts';
import { plans } from '../src/poisson/plan.ts';

const flat = (value: number, side = 20) =>
  image(new Float32Array(side * side).fill(value), { height: side, width: side });

describe('photons', () => {
  test('are put into one half or the other, evenly', () => {
    const { first, second } = halvePhotons(flat(25), random(1));
    first.data.forEach((count, pixel) => {
      expect(count + second.data[pixel]!).toBe(25);
    });
    const photons = first.data.reduce((sum, count) => sum + count, 0);
    // 10 000 coins: a standard deviation of 50.
    expect(Math.abs(photons - 5000)).toBeLessThan(250);
  });

  test('spread evenly gain nothing, and where they are known two to one', () => {
    expect(likelihoodGain(flat(3), flat(3))).toBeCloseTo(0, 12);
    const scene = image(Float32Array.of(2, 4), { height: 1, width: 2 });
    // (2 log(2/3) + 4 log(4/3)) / 6; the part that is mixed in, of an estimate that is right, changes it in second order.
    expect(likelihoodGain(scene, scene)).toBeCloseTo((2 * Math.log(2 / 3) + 4 * Math.log(4 / 3)) / 6, 4);
  });

  test('where none was expected cost much, and not infinitely', () => {
    const dark = image(Float32Array.of(0, 2), { height: 1, width: 2 });
    const gain = likelihoodGain(dark, image(Float32Array.of(1, 1), { height: 1, width: 2 }));
    expect(gain).toBeLessThan(-1);
    expect(Number.isFinite(gain)).toBe(true);
  });

  test('smoothed: a constant stays, light is kept, and spreads by the width', () => {
    smoothed(flat(2), 1.5).data.forEach((value) => {
      expect(value).toBeCloseTo(2, 5);
    });
    const point = flat(0, 31);
    point.data[15 * 31 + 15] = 1;
    const spread = smoothed(point, 2);
    const variance = spread.data.reduce((sum, value, pixel) => sum + value * ((pixel % 31) - 15) ** 2, 0);
    expect(spread.data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    // A Gaussian cut off at four deviations has lost a thousandth of its variance.
    expect(Math.abs(variance - 4)).toBeLessThan(0.02);
  });
});

describe('exposures', () => {
  const side = 40;
  /** Knows means up to 8 alone, and gives the mean over the picture's bright half and its dark one. */
  const halfMeans = (counts: ReturnType<typeof flat>) => {
    const sums = [0, 0];
    counts.data.forEach((count, pixel) => {
      sums[pixel % side < side / 2 ? 0 : 1]! += count / (counts.data.length / 2);
    });
    return image(
      counts.data.map((_, pixel) => sums[pixel % side < side / 2 ? 0 : 1]!),
      { height: side, width: side },
    );
  };
  const scene = image(
    Float32Array.from({ length: side * side }, (_, pixel) => (pixel % side < side / 2 ? 1 : 200)),
    { height: side, width: side },
  );

  test('estimate what is far too bright from few of its photons, and the rest from all', () => {
    const draw = random(2);
    const counts = image(
      scene.data.map((mean) => draw.poisson(mean)),
      { height: side, width: side },
    );
    const found = overExposures(halfMeans, counts, { peak: 4, random: random(5) });
    expect(found.data[0]).toBe(halfMeans(counts).data[0]);
    // Two draws of two draws of an eighth of an eighth: 800 × 200 / 64 photons each, 10 000 in all, 1 %.
    expect(Math.abs(found.data[side - 1]! / halfMeans(counts).data[side - 1]! - 1)).toBeLessThan(0.04);
  });

  test('are not shortened where nothing is too bright', () => {
    let calls = 0;
    const same = overExposures(
      (counts) => {
        calls++;
        return counts;
      },
      flat(8),
      { peak: 4, random: random(0) },
    );
    expect(calls).toBe(1);
    expect(same.data).toEqual(flat(8).data);
  });

  test('show no count above three peaks', () => {
    expect([...capped(image(Float32Array.of(2, 50), { height: 1, width: 2 }), 4).data]).toEqual([2, 12]);
  });
});

describe('networks', () => {
  beforeAll(async () => {
    await useBackend('wasm');
  });

  test('of the published size have as many parameters as the released ones', async () => {
    const [, recipe] = plans.paper.recipes;
    for (const [weights, parameters] of [
      ['tied', 20_618],
      ['untied', 61_516],
    ] as const) {
      const network = await networkOf(recipe!, weights, 0);
      expect(network.trainable.reduce((sum, { size }) => sum + size, 0)).toBe(parameters);
      network.dispose();
    }
  });

  test('that begin with cosines begin with their negatives too, and no threshold on the constant', async () => {
    const [recipe] = plans.smoke.recipes;
    const network = await networkOf(recipe!, 'tied', 0);
    const { 'operator.filters': filters, 'prior.weight': bias } = network.variables;
    const half = recipe!.atoms / 2;
    const values = await filters!.data();
    const squares = Array.from(values).reduce((sum, value) => sum + value ** 2, 0);
    // Every filter has the norm of the recipe: float32 sums of 16 × 36 squares.
    expect(squares / recipe!.atoms).toBeCloseTo(recipe!.norm ** 2, 5);
    for (let atom = 0; atom < half; atom++) expect(values[atom + half]).toBe(-values[atom]!);
    const biases = await bias!.data();
    expect([biases[0], biases[half], biases[1]]).toEqual([0, 0, Math.fround(recipe!.bias)]);
    network.dispose();
  });
});

test('a lead is the mean over draws of the difference of means', () => {
  const scores = (values: readonly number[]) =>
    values.map((psnr, draw) => ({ name: 'a', draw, psnr, psnrOfWhite: 0, ssim: 0 }));
  expect(lead(scores([21, 23]), scores([20, 20]))).toEqual({ mean: 2, deviation: Math.SQRT2 });
});

test.each([
  { behind: 0.9, holds: true },
  { behind: 1.1, holds: false },
])('who is $behind dB behind stands beside: $holds; the page says what beside means', ({ behind, holds }) => {
  const scores = (psnr: number) => [{ name: 'a', draw: 0, psnr, psnrOfWhite: 0, ssim: 0 }];
  const results = {
    plan: { recipes: [{ peak: 4 }] },
    networks: [{ weights: 'untied', peak: 4, scores: scores(22) }],
    peers: [
      { method: 'bm3d', peak: 4, scores: scores(22 + behind) },
      { method: 'cnn', peak: 4, scores: scores(21) },
    ],
  } as unknown as Results;
  const found = claims(results);
  expect(found.map((claim) => claim.holds)).toEqual([holds, true]);
  expect(found[0]!.wanted).toBe('beside: at most 1 dB behind');
});

test('the rate falls by half a cosine to a fiftieth', () => {
  const rate = falling(2, 100);
  expect(rate(0)).toBe(2);
  expect(rate(50)).toBeCloseTo(1, 12);
  expect(rate(100)).toBeCloseTo(0.04, 12);
});

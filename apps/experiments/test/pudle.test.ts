import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { beforeAll, describe, expect, test } from 'vitest';
import { drawnPictures } from '../src/pictures/album.ts';
import { middle, storePicture } from '../src/pictures/comparison-sheet.ts';
import { claimsTable, pairsOf } from '../src/pudle/claims.ts';
import type { Denoised } from '../src/pudle/denoising.ts';
import type { Results } from '../src/pudle/experiment.ts';
import { type LearningResult, learn } from '../src/pudle/learning.ts';
import { type LimitsResult, measureLimits } from '../src/pudle/limits.ts';
import type { Method } from '../src/pudle/methods.ts';
import { page } from '../src/pudle/page.ts';
import { plans } from '../src/pudle/sizes.ts';
import { sparseWorld } from '../src/pudle/sparse-world.ts';
import { type SolvedLasso, truncatedLimit } from '../src/pudle/truncated-limit.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

const { signal } = new AbortController();
const size = { features: 12, atoms: 16, active: 3, examples: 40 };

test('signals are made of few atoms, all of one sign, and learning begins near the truth', async () => {
  const { signals, codes, truth, start } = sparseWorld(size, 0.05, 3);
  let negative = 0;
  for (let example = 0; example < size.examples; example++) {
    const code = codes.data.subarray(example * size.atoms, (example + 1) * size.atoms);
    const entries = [...code].filter((value) => value !== 0);
    expect(entries).toHaveLength(3);
    expect(new Set(entries.map(Math.sign)).size).toBe(1);
    for (const value of entries) expect(Math.abs(value)).toBeGreaterThanOrEqual(1);
    if (entries[0]! < 0) negative++;
    for (let row = 0; row < size.features; row++) {
      const made = code.reduce((sum, value, atom) => sum + value * truth.data[row * size.atoms + atom]!, 0);
      expect(signals.data[example * size.features + row]).toBeCloseTo(made, 5);
    }
  }
  expect(negative).toBeGreaterThan(10);
  expect(negative).toBeLessThan(30);
  const near = await start.data();
  // 192 entries that moved by 0.05, less what the unit norm takes back.
  expect(Math.hypot(...truth.data.map((value, index) => value - near[index]!))).toBeLessThan(0.05 * 16);
  start.dispose();
});

describe('the truncated limit (4.2)', () => {
  // Two atoms that meet at an angle, and one that is not used.
  const [c, s] = [Math.cos(1), Math.sin(1)];
  const lasso: SolvedLasso = {
    matrix: Float64Array.of(1, c, 0, 0, s, 0, 0, 0, 1),
    features: 3,
    atoms: 3,
    weight: 0.3,
    step: 0.4,
    signals: Float64Array.of(2, 1, 0.5),
    codes: Float64Array.of(0.9, -1.2, 0),
  };
  const z = [0.9, -1.2];
  const columns = [
    [1, 0, 0],
    [c, s, 0],
  ];
  const r = [0, 1, 2].map(
    (row) => lasso.signals[row]! - z[0]! * columns[0]![row]! - z[1]! * columns[1]![row]!,
  );

  test('of no layers is −r ẑᵀ', () => {
    expect([...truncatedLimit(lasso, 0)]).toEqual(
      r.flatMap((value) => [...z, 0].map((code) => expect.closeTo(-value * code, 12))),
    );
  });

  test('of all is (4.1), by the inverse of the Gram matrix', () => {
    // G = [[1, c], [c, 1]]⁻¹, and G s for the signs 1 and −1.
    const gs = [(1 + c) / (1 - c * c), (-c - 1) / (1 - c * c)];
    const pulled = [0, 1, 2].map((row) => gs[0]! * columns[0]![row]! + gs[1]! * columns[1]![row]!);
    const expected = r.flatMap((value, row) =>
      [0, 1].map((k) => -value * z[k]! + 0.3 * (pulled[row]! * z[k]! - value * gs[k]!)).concat(0),
    );
    expect([...truncatedLimit(lasso, Number.POSITIVE_INFINITY)]).toEqual(
      expected.map((value) => expect.closeTo(value, 12)),
    );
  });
});

test('limits of a small network are those of the formulas, and nothing is left behind', async () => {
  const before = tf.memory().numTensors;
  const plan = {
    ...plans.smoke.limits,
    depths: [150],
    iterations: 300,
    jacobians: [1, 5],
    truncations: [0, 20],
  };
  const { depths, truncated, implicit, supports, jacobians } = await measureLimits(plan, { seed: 0, signal });
  expect(tf.memory().numTensors).toBe(before);
  const { estimators, norms } = depths[0]!.distances;
  expect(estimators.lasso.lasso / norms.lasso).toBeLessThan(1e-3);
  for (const { formula } of truncated) expect(formula).toBeLessThan(1e-3);
  expect(truncated[1]!.limit).toBeLessThan(truncated[0]!.limit);
  expect(implicit).toBeLessThan(1e-3);
  expect(supports.at(-1)!.settled).toBe(1);
  expect(jacobians.map(({ layer }) => layer)).toEqual([1, 5]);
});

test.each<Method>(['leastSquares', 'decayed', 'hard-threshold', 'noodl', 'alternating'])(
  'a dictionary is learned, the same again, and nothing is left behind: %s',
  async (method) => {
    const before = tf.memory().numTensors;
    const learning = {
      ...plans.smoke.bias[0]!,
      // Atoms that hardly meet: a threshold tells them apart.
      world: { features: 60, atoms: 16, active: 1, examples: 60 },
      encoder: { layers: 10, weight: 0.2, step: 0.2 },
      method,
      batch: 10,
      updates: 6,
      every: 3,
    };
    const [first, again] = [
      await learn(learning, { seed: 1, signal }),
      await learn(learning, { seed: 1, signal }),
    ];
    expect(tf.memory().numTensors).toBe(before);
    expect(first.curve.map(({ update }) => update)).toEqual([0, 3, 6]);
    expect(first.curve.at(-1)!.distance).toBeLessThan(first.curve[0]!.distance);
    expect(again.curve).toEqual(first.curve);
    expect(first.norm).toBeCloseTo(4, 5);
  },
);

describe('the page', () => {
  const learned = (
    method: Method,
    distance: number,
    change: Partial<LearningResult['learning']> = {},
  ): LearningResult => ({
    learning: { ...plans.default.dictionaries[0]!, ...change, method },
    curve: [
      { update: 0, distance: 6 },
      { update: 10, distance },
    ],
    norm: 10,
    codeError: 0.9,
    seconds: 1,
  });
  const album = drawnPictures({ train: 1, test: 1, side: 40 });
  const shown = album.test.map(({ picture }) => storePicture(picture, middle(picture, 20)));
  const denoised = (estimator: Denoised['estimator'], weight: number, psnr: number): Denoised => ({
    estimator,
    weight,
    step: 0.1,
    scores: [{ name: 'leaves', draw: 0, psnr, psnrOfWhite: psnr, ssim: 0.9 }],
    curve: [
      { update: 1, psnr: 20 },
      { update: 2, psnr },
    ],
    shown,
    density: 0.1,
    filters: { data: [1, 2, 3, 4, 5, 6, 7, 8], shape: [2, 2, 1, 2] },
    use: [1, 2],
    seconds: 1,
  });
  const distance = (value: number) => ({ lasso: value, leastSquares: value, truth: 2 * value });
  const limits: LimitsResult = {
    depths: [10, 300].map((layers) => ({
      layers,
      distances: {
        estimators: { decoder: distance(0.1), lasso: distance(1e-4), leastSquares: distance(1e-4) },
        norms: { lasso: 1, leastSquares: 1, truth: 1 },
        bias: 0.5,
        code: 0.01,
      },
    })),
    truncated: [
      { last: 0, formula: 0, limit: 1 },
      { last: 5, formula: 1e-5, limit: 0.1 },
    ],
    implicit: 1e-5,
    supports: [1, 2].map((layer) => ({ layer, active: 6, settled: layer / 2, correct: 0.5 })),
    settled: { half: 1, nearlyAll: 2 },
    jacobians: [1, 2].map((layer) => ({ layer, norm: layer })),
  };
  const online = { ...plans.default.bias[0]! };
  const results: Results = {
    size: 'default',
    seed: 0,
    device: 'a device',
    plan: plans.default,
    limits,
    dictionaries: [learned('decoder', 2), learned('lasso', 1.8), learned('leastSquares', 1.1)],
    bias: [
      learned('leastSquares', 0.1, online),
      learned('decayed', 1e-4, online),
      learned('decayed', 0.01, { ...online, world: { ...online.world, active: 20 } }),
    ],
    denoising: {
      origin: album.origin,
      networks: [
        denoised('decoder', 0.1, 25),
        denoised('leastSquares', 0.1, 25.5),
        denoised('decoder', 0.2, 25),
        denoised('leastSquares', 0.2, 24.75),
      ],
      clean: shown,
      noisy: shown,
      scores: [{ name: 'leaves', draw: 0, psnr: 20, psnrOfWhite: 20, ssim: 0.5 }],
    },
  };

  test('says what was reached and what was not', () => {
    const claims = claimsTable(results);
    expect(claims).toContain('| g_dec → ĝ, T ≥ 300, at most 1e-3 relative | 1.0e-1 | **no** |');
    expect(claims).toContain('| g_ae-lasso → ĝ, T ≥ 300, at most 1e-3 relative | 1.0e-4 | yes |');
    expect(claims).toContain('| 1.10 < 1.80 < 2.00 | yes |');
    expect(claims).toContain('2.46 within 20 % | 2.000 (−19 %) | yes |');
    expect(claims).toContain('0.847 within 20 % | 1.100 (+30 %) | **no** |');
    // 0.1 of 10.
    expect(claims).toContain('stalls near 1e-2 (numpy, s = 10: 8.7e-3) | 1.0e-2 (s = 5) | yes |');
    expect(claims).toContain('1.2e-5) | 1.0e-5 (s = 5), 1.0e-3 (s = 20) | **no** at s = 20 |');
    expect(claims).not.toContain('hard threshold');
    expect(pairsOf(results.denoising!.networks).map(({ lead }) => lead)).toEqual([0.5, -0.25]);
    expect(claims).toContain('+0.50 dB (λ = 0.1), −0.25 dB (λ = 0.2) | **no** |');
  });

  test('shows every picture that it makes', () => {
    const { markdown, pictures } = page(results, 'the command');
    expect(Object.keys(pictures).sort()).toEqual([
      'atoms.png',
      'bias.svg',
      'denoising.svg',
      'dictionaries.svg',
      'layers.svg',
      'limits.svg',
      'pictures.png',
    ]);
    for (const file of Object.keys(pictures)) expect(markdown).toContain(`(pudle/${file})`);
  });

  test('of other worlds than the stored one compares nothing with it', () => {
    const other = { world: { features: 20, atoms: 30, active: 2, examples: 100 } };
    expect(claimsTable({ ...results, dictionaries: [learned('decoder', 2, other)] })).not.toContain(
      'within 20 %',
    );
  });
});

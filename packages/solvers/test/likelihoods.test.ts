import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { type Likelihood, random } from '@unrolled/contracts';
import { bernoulli, binomial, gamma, gaussian, negativeBinomial, poisson } from '@unrolled/likelihoods';
import { dense } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { beforeAll, describe, expect, test } from 'vitest';
import { fista, ista, iterate, kktViolation, maxIterations, objective, solve } from '../src/index.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

/** Every likelihood, and a curvature for the data below where it has none itself. */
const cases: readonly { readonly name: string; readonly make: () => Likelihood; readonly bound?: number }[] =
  [
    { name: 'gaussian', make: () => gaussian({ baseline: 0.5 }) },
    { name: 'poisson with a largest rate', make: () => poisson({ baseline: 0.5, largestRate: 40 }) },
    { name: 'poisson', make: () => poisson(), bound: 30 },
    { name: 'binomial', make: () => binomial({ trials: 20, baseline: -1 }) },
    { name: 'bernoulli', make: () => bernoulli() },
    {
      name: 'negative binomial',
      make: () => negativeBinomial({ dispersion: 0.2, baseline: 1 }),
      bound: 20,
    },
    { name: 'gamma', make: () => gamma({ shape: 2, baseline: 0.3 }), bound: 40 },
  ];

/** Four atoms of twelve features, two of them in each example, and data of the likelihood itself. */
async function problemOf(likelihood: Likelihood) {
  const draw = random(7);
  const operator = dense(
    tf.tensor2d(
      Float32Array.from({ length: 12 * 4 }, () => draw.normal(0, 0.4)),
      [12, 4],
    ),
  );
  const eta = operator.apply(
    tf.tensor2d([
      [1.5, 0, 0.8, 0],
      [0, 1.2, 0, 1],
    ]),
  );
  const y = await likelihood.sample(eta, random(8));
  return { problem: { operator, prior: l1(0.3, { nonNegative: true }), likelihood }, y };
}

describe.each(cases)('$name', ({ make, bound }) => {
  const stepFor = async ({ problem }: Awaited<ReturnType<typeof problemOf>>) =>
    bound === undefined ? {} : { step: 1 / (bound * (await problem.operator.lipschitz())) };

  // ISTA is slow: a tenth of the tolerance would take ten times its steps.
  test.each([
    { algorithm: ista, tolerance: 1e-3 },
    { algorithm: fista, tolerance: 1e-4 },
  ])('$algorithm.name reaches a point where the KKT conditions hold', async ({ algorithm, tolerance }) => {
    const instance = await problemOf(make());
    const { problem, y } = instance;
    const iteration = algorithm(problem, await stepFor(instance));
    // Float32 knows the gradient to some 1e-6 of its largest entry: a hundredth of what is asked for.
    const { code, reason } = await solve(iteration, y, {
      stop: [maxIterations(3000), kktViolation(tolerance)],
      checkEvery: 25,
    });
    expect(reason).toBe('kktViolation');
    expect((await tf.max(code).data())[0]).toBeGreaterThan(0.1);
  });

  test('the objective never rises along ISTA with a step below 1/(κ L)', async () => {
    const instance = await problemOf(make());
    const { problem, y } = instance;
    let last = Number.POSITIVE_INFINITY;
    for await (const { t, state } of iterate(ista(problem, await stepFor(instance)), y)) {
      const now = (await tf.sum(objective(problem, y, state.x)).data())[0]!;
      // Rounding of a sum of two dozen terms.
      expect(now).toBeLessThanOrEqual(last + 1e-6 * Math.abs(now) + 1e-4);
      last = now;
      if (t === 40) break;
    }
  });
});

test.each([poisson(), negativeBinomial({ dispersion: 1 }), gamma()])(
  'a step is asked for where the curvature has no bound',
  async (likelihood: Likelihood) => {
    const { problem } = await problemOf(likelihood);
    const { family } = likelihood;
    expect(() => ista(problem)).toThrow(
      `step: expected a number > 0, as the curvature of the ${family} likelihood has no bound`,
    );
    expect(() => fista(problem)).toThrow('no bound');
  },
);

test('data that the likelihood cannot have produced are refused before the work starts', async () => {
  const { problem } = await problemOf(binomial({ trials: 3 }));
  const before = tf.memory().numTensors;
  const y = tf.fill([1, 12], 4);
  await expect(solve(ista(problem), y)).rejects.toThrow(
    'y: expected counts, whole numbers from 0 to 3, got 4',
  );
  y.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('a peak leaves the fixed point, and rules that need the gradient say so', async () => {
  const { problem, y } = await problemOf(poisson({ peak: 3 }));
  const iteration = fista(problem, { step: 0.02 });
  await expect(solve(iteration, y, { stop: kktViolation(1e-3) })).rejects.toThrow(
    'the residual of the poisson likelihood is not its gradient',
  );
});

test('counts out of M with the weight M w have the code of rates with the weight w', async () => {
  // One step of each from 0: 4/(M L)·(y − M/2) against 4/L·(y/M − 1/2), thresholds 4 M w/(M L) against 4 w/L.
  const { problem, y } = await problemOf(binomial({ trials: 16 }));
  const weight = 0.05;
  const counts = fista({ ...problem, prior: l1(16 * weight) });
  const { code } = await solve(counts, y, { stop: maxIterations(30) });
  const rates = fista({ ...problem, prior: l1(weight), likelihood: bernoulli() });
  // 1/16 of a whole number is exact, but it is no datum of a coin: the iteration takes it, `solve` would not.
  let other: tf.Tensor | undefined;
  for await (const { t, state } of iterate(rates, tf.div(y, 16))) {
    if (t < 30) continue;
    other = tf.clone(state.x);
    break;
  }
  const apart = (await tf.max(tf.abs(tf.sub(code, other!))).data())[0]!;
  // The same numbers times powers of 2, but for the weight's rounding.
  expect(apart).toBeLessThan(1e-5);
});

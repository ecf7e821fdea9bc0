import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { type Iteration, type Likelihood, type Prior, random } from '@unrolled/contracts';
import * as likelihoods from '@unrolled/likelihoods';
import { dense } from '@unrolled/operators';
import * as prox from '@unrolled/prox';
import { dualityGap, fista, ista, kktViolation, salsa, solve } from '@unrolled/solvers';
import { describe, expect, test } from 'vitest';
import { reconstruction, sgd, train, unroll } from '../src/index.ts';

await useBackend('wasm');

/** Every prior of the catalogue, for codes of four atoms. */
const priors: { readonly [name in keyof typeof prox]: () => Prior } = {
  blocks: () =>
    prox.blocks([
      { prior: prox.l1(0.05), size: 2 },
      { prior: prox.groupLasso(0.05), size: 2 },
    ]),
  box: () => prox.box(-0.5, 1),
  conjugate: () => prox.conjugate(prox.box(-0.05, 0.05)),
  elasticNet: () => prox.elasticNet(0.05, 0.1),
  groupLasso: () => prox.groupLasso(0.05, { size: 2, nonNegative: true }),
  l0: () => prox.l0(0.01),
  l1: () => prox.l1(0.05, { nonNegative: true }),
  locality: () => prox.locality(0.1),
  moreauEnvelope: () => prox.moreauEnvelope(prox.l1(0.05), 0.1),
  ridge: () => prox.ridge(0.1),
  scale: () => prox.scale(prox.l1(0.1), 0.5),
  signed: () => prox.signed(prox.l1(0.05), [1, 1, -1, 0]),
  simplex: () => prox.simplex(),
  supported: () => prox.supported(prox.l1(0.05), [1, 1, 0, 1]),
  topK: () => prox.topK(prox.l1(0.02), { count: 2 }),
  translate: () => prox.translate(prox.ridge(0.1), 0.1),
  twoSidedGaussian: () => prox.twoSidedGaussian(2, 0.5),
  zero: () => prox.zero(),
};

/** Every likelihood of the catalogue. */
const families: { readonly [name in keyof typeof likelihoods]: () => Likelihood } = {
  gaussian: () => likelihoods.gaussian({ baseline: 0.2 }),
  // With the simplex: topics, of which each signal has proportions.
  poisson: () => likelihoods.poisson({ baseline: 1, largestRate: 50 }),
  binomial: () => likelihoods.binomial({ trials: 8 }),
  bernoulli: () => likelihoods.bernoulli({ baseline: -0.5 }),
  negativeBinomial: () => likelihoods.negativeBinomial({ dispersion: 0.2, baseline: 0.5 }),
  gamma: () => likelihoods.gamma({ shape: 2 }),
};

type Instance = ReturnType<typeof problemOf>;

/** Three signals of six features, and four atoms for them. */
function problemOf(likelihood: Likelihood, prior: Prior) {
  const draw = random(4);
  const atoms = tf.tensor2d(
    Float32Array.from({ length: 6 * 4 }, () => draw.normal(0, 0.5)),
    [6, 4],
  );
  return { operator: dense(atoms), prior, likelihood };
}

const iterations: { readonly [name: string]: (problem: Instance) => Iteration } = {
  ista: (problem) => ista(problem, stepFor(problem.likelihood)) as Iteration,
  fista: (problem) => fista(problem, stepFor(problem.likelihood)) as Iteration,
  salsa: (problem) => salsa(problem as never) as Iteration,
};

/** Where the curvature has no bound: the slope of the residual is at most some tens at the data of this file. */
const stepFor = ({ curvature }: Likelihood): { readonly step?: number } =>
  Number.isFinite(curvature) ? {} : { step: 0.02 };

/** Data of a likelihood, around codes of one or two atoms. */
async function signalsOf(likelihood: Likelihood): Promise<tf.Tensor> {
  const { operator } = problemOf(likelihood, prox.zero());
  const eta = tf.tidy(() =>
    operator.apply(
      tf.tensor2d([
        [1, 0, 0.5, 0],
        [0, 1, 0, 0],
        [0.5, 0, 0, 1],
      ]),
    ),
  );
  const y = await likelihood.sample(eta, random(6));
  tf.dispose([eta, operator.parameters]);
  return y;
}

const combinations = Object.entries(families).flatMap(([family, likelihood]) =>
  // SALSA solves least squares: the other likelihoods are refused below.
  Object.keys(iterations)
    .filter((name) => name !== 'salsa' || family === 'gaussian')
    .map((iteration) => ({ family, likelihood, iteration })),
);

describe.each(combinations)(
  '$family likelihood, $iteration, and every prior:',
  ({ likelihood, iteration }) => {
    test('built, run and trained', async () => {
      const before = tf.memory().numTensors;
      const family = likelihood();
      const y = await signalsOf(family);
      for (const [name, prior] of Object.entries(priors)) {
        const problem = problemOf(family, prior());
        const network = await unroll(iterations[iteration]!(problem), {
          layers: 2,
          train: ['operator.atoms'],
        });
        const start = network.variables['operator.atoms']!.dataSync().slice();
        const losses: number[] = [];
        const stage = {
          name: 'atoms',
          train: ['operator.atoms'],
          loss: reconstruction(),
          optimizer: sgd({ rate: 0.01 }),
        };
        for await (const event of train(network, y, { stages: [stage], epochs: 2, batchSize: 3 }))
          if (event.type === 'epoch') losses.push(event.losses['atoms']!);
        const code = network.encode(y);
        expect(code.shape, name).toEqual([3, 4]);
        expect(code.dataSync().every(Number.isFinite), name).toBe(true);
        // A few steps down the gradient, short ones, make a loss smaller.
        expect(losses.at(-1), `${name}: ${losses}`).toBeLessThan(losses[0]!);
        expect(network.variables['operator.atoms']!.dataSync(), name).not.toEqual(start);
        code.dispose();
        network.dispose();
        tf.dispose([problem.operator.parameters, problem.prior.parameters]);
      }
      tf.dispose([y, family.parameters]);
      expect(tf.memory().numTensors).toBe(before);
    });
  },
);

describe('what cannot be combined is refused, with the reason:', () => {
  const others = Object.entries(families).filter(([family]) => family !== 'gaussian');
  test.each(others)('SALSA and the %s likelihood', (_, likelihood) => {
    const problem = problemOf(likelihood(), prox.l1(0.1));
    expect(() => iterations['salsa']!(problem)).toThrow(
      /salsa: problem.likelihood: expected the gaussian likelihood, got "\w+"/,
    );
  });

  test.each([likelihoods.poisson(), likelihoods.negativeBinomial({ dispersion: 1 }), likelihoods.gamma()])(
    'ISTA and FISTA without a step, where the curvature has no bound',
    (likelihood: Likelihood) => {
      const problem = problemOf(likelihood, prox.l1(0.1));
      for (const make of [ista, fista]) {
        expect(() => make(problem)).toThrow('the curvature of the');
      }
    },
  );

  const solved = async (likelihood: Likelihood, prior: Prior, stop: Parameters<typeof solve>[2]) => {
    const problem = problemOf(likelihood, prior);
    return solve(fista(problem, { step: 0.01 }), await signalsOf(likelihood), stop);
  };
  test('a rule that measures the gradient, and a residual that is none', async () => {
    await expect(
      solved(likelihoods.poisson({ peak: 2 }), prox.l1(0.1), { stop: kktViolation(1e-3) }),
    ).rejects.toThrow('the residual of the poisson likelihood is not its gradient');
  });
  test.each([prox.l0(0.1), prox.topK(prox.l1(0.1), { count: 1 })])(
    'a rule that measures optimality, and a prior that is not convex',
    async (prior: Prior) => {
      await expect(solved(likelihoods.gaussian(), prior, { stop: kktViolation(1e-3) })).rejects.toThrow(
        `prior ${prior.name} has no violation to measure`,
      );
    },
  );
  test('the duality gap, and counts', async () => {
    await expect(
      solved(likelihoods.binomial({ trials: 8 }), prox.l1(0.1), { stop: dualityGap(1e-3) }),
    ).rejects.toThrow('the binomial likelihood has no dualValue');
  });
  test('a part of a code, and a prior of the whole dictionary', () => {
    expect(() => prox.blocks([{ prior: prox.locality(1), size: 4 }])).toThrow(
      'expected a prior that does not depend on the data, got "locality"',
    );
  });
});

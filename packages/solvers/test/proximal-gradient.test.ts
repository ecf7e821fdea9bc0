import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { type Iteration, isUnrolledError, type Likelihood } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { conv1d, dense } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { describe, expect, test } from 'vitest';
import { chambolleDossalMomentum, fista, ista, iterate, nesterovMomentum } from '../src/index.ts';
import { convolutionalProblem, distance, lassoProblem, rows } from './lasso-problem.ts';
import {
  type Lasso,
  objectiveOf,
  pull,
  referenceFista,
  squaredNorm,
  violationOf,
} from './reference/lasso.ts';

await useBackend('wasm');

/** x_1 … x_T of every example: [t][example]. */
async function run<S extends string>(
  iteration: Iteration<string, S>,
  y: tf.Tensor,
  iterations: number,
): Promise<Float32Array[][]> {
  const codes: Float32Array[][] = [];
  for await (const { t, state } of iterate(iteration, y)) {
    codes.push(await rows(iteration.code(state)));
    if (t === iterations) break;
  }
  return codes;
}

describe('momentum', () => {
  test("Nesterov's sequence has the published values", () => {
    const published = [0, 0.281754, 0.434043, 0.531064, 0.598779, 0.648923];
    for (const [index, beta] of published.entries()) expect(nesterovMomentum(index + 1)).toBeCloseTo(beta, 6);
  });

  test('a sequence that is asked for late values first is the same', () => {
    const late = nesterovMomentum(300);
    expect(nesterovMomentum(1)).toBe(0);
    expect(nesterovMomentum(300)).toBe(late);
  });

  test('Chambolle and Dossal: layer/(layer + 3) counting layers from 0', () => {
    const momentum = chambolleDossalMomentum();
    for (let layer = 0; layer < 9; layer++) expect(momentum(layer + 1)).toBe(layer / (layer + 3));
    expect(() => chambolleDossalMomentum(-1)).toThrow('a: expected a number ≥ 0, got -1');
  });
});

describe.each([
  ['dense', lassoProblem()],
  ['convolutional, stride 2, 2 channels', convolutionalProblem()],
] as const)('every iterate is that of the float64 reference: %s', (_, { problem, y, references }) => {
  const step = Math.fround(0.15);
  const decay = (t: number) => 0.9 ** (t - 1);
  const cases: [string, Iteration, Omit<Parameters<typeof referenceFista>[1], 'step' | 'iterations'>][] = [
    ['ista', ista(problem, { step }), { momentum: () => 0 }],
    ['fista', fista(problem, { step }), { momentum: nesterovMomentum }],
    [
      'fista, the other momentum',
      fista(problem, { step, momentum: chambolleDossalMomentum() }),
      { momentum: (t) => (t - 1) / (t + 2) },
    ],
    ['fista, decay', fista(problem, { step, decay }), { momentum: nesterovMomentum, decay }],
    [
      'fista, restart by gradient',
      fista(problem, { step, restart: 'gradient' }),
      { momentum: nesterovMomentum, restart: 'gradient' },
    ],
    [
      'fista, monotone',
      fista(problem, { step, restart: 'monotone' }),
      { momentum: nesterovMomentum, restart: 'monotone' },
    ],
  ];
  test.each(cases)('%s', async (_, iteration, options) => {
    // Later, near the optimum, two objectives can be nearer than float32 tells apart: a restart may come a step later.
    const codes = await run(iteration, y, 36);
    references.forEach((lasso: Lasso, b) => {
      const expected = referenceFista(lasso, { step, iterations: 36, ...options });
      // A few dozen float32 roundings, 6e-8 each, of a step that does not expand: 5e-7 is what is seen.
      for (const [index, code] of codes.entries()) {
        expect(distance(code[b]!, expected[index]!)).toBeLessThan(2e-6);
      }
    });
  });
});

describe('the classical step', () => {
  test('is 1/(curvature·‖A‖²)', async () => {
    const { problem, references } = lassoProblem();
    const parameters = await ista(problem).parameters();
    const [step] = await parameters.step.data();
    // An upper bound of the norm, that of dense operators being exact to float32.
    expect(step! * squaredNorm(references[0]!)).toBeCloseTo(1, 5);
    tf.dispose(parameters);
  });

  test('halves where the curvature doubles', async () => {
    const { problem } = lassoProblem();
    const sharp: Likelihood<'gaussian', never> = { ...gaussian(), curvature: 2 };
    const [one, two] = [
      await ista(problem).parameters(),
      await ista({ ...problem, likelihood: sharp }).parameters(),
    ];
    expect((await two.step.data())[0]! / (await one.step.data())[0]!).toBeCloseTo(0.5, 6);
  });

  test('is given again by refresh when the operator has changed, and not where it was chosen', async () => {
    const { problem } = lassoProblem();
    const iteration = ista(problem);
    const parameters = await iteration.parameters();
    const before = tf.memory().numTensors;
    const louder = { ...parameters, 'operator.atoms': tf.mul(3, parameters['operator.atoms']) };
    const refreshed = await iteration.refresh!(louder);
    expect(Object.keys(refreshed)).toEqual(['step']);
    expect(tf.memory().numTensors).toBe(before + 2);
    const ratio = (await refreshed.step!.data())[0]! / (await parameters.step.data())[0]!;
    expect(ratio).toBeCloseTo(1 / 9, 6);
    expect(ista(problem, { step: 0.1 }).refresh).toBeUndefined();
  });
});

describe('the analysis', () => {
  test('of its own is the same algorithm, with more parameters', async () => {
    const { problem, y } = lassoProblem();
    const own = fista(problem, { analysis: 'own' });
    const parameters = await own.parameters();
    expect(Object.keys(parameters)).toEqual(['operator.atoms', 'prior.weight', 'analysis.atoms', 'step']);
    const [untied, tied] = [await run(own, y, 12), await run(fista(problem), y, 12)];
    expect(untied).toEqual(tied);
  });

  test('of its own is used for the analysis alone, and counts in the step', async () => {
    const { problem, y } = lassoProblem();
    const iteration = ista(problem, { analysis: 'own' });
    const parameters = await iteration.parameters();
    const changed = { ...parameters, 'analysis.atoms': tf.mul(4, parameters['analysis.atoms']) };
    const code = (p: typeof parameters) =>
      tf.tidy(() => {
        const layer = iteration.bind(p, y);
        return iteration.code(layer.step(layer.start(), 1));
      });
    // From zero, one step is the shrunk α Wᵀ y.
    const expected = problem.prior.prox(
      tf.mul(parameters.step, dense(changed['analysis.atoms']).adjoint(y)),
      parameters.step,
    );
    // + 0: a shrinkage has 0 where a prox may have −0.
    expect(await code(changed).data()).toEqual(await tf.add(expected, 0).data());
    // ‖Wᵀ A‖ ≤ 4 ‖A‖², as √(16 ‖A‖² ‖A‖²).
    const { step } = await iteration.refresh!(changed);
    expect((await step!.data())[0]! / (await parameters.step.data())[0]!).toBeCloseTo(1 / 4, 6);
  });
});

describe('the limit', () => {
  test.each([
    ['dense', lassoProblem()],
    ['convolutional', convolutionalProblem()],
  ] as const)(
    'of ISTA and of FISTA is one, and meets the conditions of the lasso: %s (O-2)',
    async (_, { problem, y, references }) => {
      const slow = (await run(ista(problem), y, 1500)).at(-1)!;
      const fast = (await run(fista(problem), y, 500)).at(-1)!;
      references.forEach((lasso: Lasso, b) => {
        // The gradient is a float32 sum of 12 products of order 1; the inverse of the active Gram matrix amplifies it.
        expect(distance(slow[b]!, fast[b]!)).toBeLessThan(2e-5);
        expect(violationOf(lasso, fast[b]!)).toBeLessThan(2e-6);
        expect(violationOf(lasso, slow[b]!)).toBeLessThan(2e-6);
        expect(fast[b]!.some((value) => value !== 0)).toBe(true);
      });
    },
  );

  test('is approached by ISTA without the objective ever rising (O-3)', async () => {
    const { problem, y, references } = lassoProblem();
    const codes = await run(ista(problem), y, 200);
    references.forEach((lasso, b) => {
      const values = codes.map((code) => objectiveOf(lasso, code[b]!));
      // The codes are rounded to float32; the objective is flat at the end.
      for (let t = 1; t < values.length; t++)
        expect(values[t]!).toBeLessThanOrEqual(values[t - 1]! * (1 + 1e-7));
      expect(values.at(-1)!).toBeLessThan(values[0]!);
    });
  });

  test('is exactly zero at every layer for a weight of max |Aᵀ y| or more (O-4)', async () => {
    const { y, references } = lassoProblem();
    const weight = Math.max(
      ...references.map((lasso) => Math.max(...pull(lasso, new Float32Array(20)).map(Math.abs))),
    );
    const { problem } = lassoProblem(weight * 1.000001);
    for (const iteration of [ista(problem), fista(problem), fista(problem, { restart: 'gradient' })]) {
      const codes = await run(iteration, y, 10);
      expect(codes.flat().every((code) => code.every((value) => value === 0))).toBe(true);
    }
    const below = await run(ista(lassoProblem(weight * 0.99).problem), y, 1);
    expect(below.flat().some((code) => code.some((value) => value !== 0))).toBe(true);
  });
});

test('T = 1 from zero is prox(α Aᵀ y, α), bit for bit', async () => {
  const { problem, y } = convolutionalProblem();
  const parameters = await ista(problem).parameters();
  const prox = problem.prior.prox(tf.mul(parameters.step, problem.operator.adjoint(y)), parameters.step);
  // + 0: a shrinkage has 0 where a prox may have −0.
  const expected = tf.add(prox, 0);
  for (const iteration of [ista(problem), fista(problem)]) {
    expect((await run(iteration, y, 1))[0]![0]).toEqual(await expected.data());
  }
});

test('FISTA without momentum is ISTA, bit for bit', async () => {
  const { problem, y } = lassoProblem();
  expect(await run(fista(problem, { momentum: () => 0 }), y, 30)).toEqual(await run(ista(problem), y, 30));
});

test('an example gives the same bits alone and in a batch', async () => {
  const { problem, y } = lassoProblem();
  for (const iteration of [
    ista(problem),
    fista(problem),
    fista(problem, { restart: 'gradient' }),
    fista(problem, { restart: 'monotone' }),
  ] as Iteration[]) {
    const together = (await run(iteration, y, 25)).at(-1)!;
    for (let b = 0; b < 3; b++) {
      const alone = (await run(iteration, tf.slice(y, [b, 0], [1, 12]), 25)).at(-1)!;
      expect(alone[0]).toEqual(together[b]);
    }
  }
});

describe('in the space of the code', () => {
  // Twice as many features as atoms.
  const { problem, y } = lassoProblem(0.2, [24, 12, 3]);
  test.each([
    ['ista', ista(problem), ista(problem, { form: 'gram' })],
    ['fista', fista(problem, { restart: 'gradient' }), fista(problem, { restart: 'gradient', form: 'gram' })],
    [
      'an analysis of its own',
      ista(problem, { analysis: 'own' }),
      ista(problem, { analysis: 'own', form: 'gram' }),
    ],
  ] as [string, Iteration, Iteration][])('%s is the same but for rounding', async (_, signal, gram) => {
    const [one, other] = [await run(signal, y, 40), await run(gram, y, 40)];
    for (const [t, codes] of one.entries())
      for (const [b, code] of codes.entries())
        expect(distance(other[t]![b]!, code)).toBeLessThan(1e-5 * Math.hypot(...code));
  });
  test('a convolution is refused when it meets data', async () => {
    const { problem: convolution, y: trace } = convolutionalProblem();
    const turns = iterate(ista(convolution, { form: 'gram' }), trace);
    await expect(turns.next()).rejects.toThrow("form: expected 'signal', as the codes of operator conv1d");
  });
});

describe('what is refused', () => {
  const { problem } = lassoProblem();
  const unbounded: Likelihood<'poisson', never> = {
    ...gaussian(),
    family: 'poisson',
    curvature: Infinity,
  } as never;
  test.each([
    [() => ista(problem, { stpe: 1 } as never), 'ista: unknown option "stpe"'],
    [() => fista(problem, { step: 0 }), 'step: expected a number > 0, got 0'],
    [() => fista(problem, { step: Number.NaN }), 'step: expected a finite number, got NaN'],
    [() => ista(problem, { analysis: 'mine' as never }), 'analysis: expected one of tied, own, got "mine"'],
    [
      () => fista(problem, { restart: 'never' as never }),
      'restart: expected one of none, gradient, monotone',
    ],
    [() => ista(problem, { form: 'code' as never }), 'form: expected one of signal, gram, got "code"'],
    [() => ista(problem, { restart: 'gradient' }), "restart: expected 'none', as there is no momentum"],
    [() => fista(problem, { restart: 'monotone', decay: () => 1 }), "restart: expected 'none' or 'gradient'"],
    [() => ista(problem, { momentum: 0.5 as never }), 'momentum: expected a function of t, got 0.5'],
    [() => ista({ ...problem, prior: gaussian() as never }), 'ista: problem.prior: expected a prior'],
    [() => ista(undefined as never), 'ista: problem.operator: expected an operator, got undefined'],
    [
      () => ista({ ...problem, likelihood: unbounded }),
      'step: expected a number > 0, as the curvature of the poisson',
    ],
  ])('%#: %s', (make, message) => {
    expect(make).toThrow(message);
  });

  test('a decay that is not positive, when it is met', async () => {
    const turns = iterate(ista(problem, { decay: (t) => 2 - t }), lassoProblem().y);
    await turns.next();
    const before = tf.memory().numTensors;
    await expect(turns.next()).rejects.toThrow('decay: expected a number > 0, got 0');
    expect(tf.memory().numTensors).toBeLessThan(before);
  });

  test('an operator that is zero, which has no step', async () => {
    const zero = { operator: conv1d(tf.zeros([3, 1, 2])), prior: l1(1), likelihood: gaussian() };
    const error = await ista(zero)
      .parameters()
      .catch((caught: unknown) => caught);
    expect(isUnrolledError(error, 'INVALID_ARGUMENT')).toBe(true);
  });
});

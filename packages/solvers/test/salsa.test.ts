import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import type { Iteration, Likelihood, Named, Operator } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { concatenate, dense } from '@unrolled/operators';
import { blocks, elasticNet, groupLasso, l1, zero } from '@unrolled/prox';
import { describe, expect, test } from 'vitest';
import {
  dualResidual,
  fista,
  iterate,
  kktViolation,
  maxIterations,
  primalResidual,
  residualBalancing,
  salsa,
  solve,
} from '../src/index.ts';
import { convolutionalProblem, distance, lassoProblem, rows } from './lasso-problem.ts';
import { type Lasso, optimumOf, pull, violationOf } from './reference/lasso.ts';
import { gramTimes, referenceSalsa, regularizedSolution } from './reference/salsa.ts';

await useBackend('wasm');

const wide = lassoProblem(0.2, [16, 20, 3]);
const tall = lassoProblem(0.2, [20, 12, 3], 5);
const optima = wide.references.map(optimumOf);

/** Two dictionaries beside each other, the atoms of `wide`, with weights that are powers of 2. */
const weights = [0.125, 0.25] as const;
const sizes = [8, 12] as const;
const each = Float32Array.from({ length: 20 }, (_, j) => (j < sizes[0] ? weights[0] : weights[1]));
const [first, second] = tf.split(wide.problem.operator.parameters.atoms, [...sizes], 1);
const mixed = {
  operator: concatenate([dense(first!), dense(second!)]),
  prior: blocks([
    { prior: l1(weights[0]), size: sizes[0] },
    { prior: l1(weights[1]), size: sizes[1] },
  ]),
  likelihood: gaussian(),
};

/** The state after so many steps, on the host, example by example. */
async function stateAfter(iteration: Iteration, y: tf.Tensor, steps: number) {
  for await (const { t, state } of iterate(iteration, y)) {
    if (t < steps) continue;
    const found: Record<string, Float32Array[]> = {};
    for (const [name, tensor] of Object.entries(state)) found[name] = await rows(tensor);
    return found;
  }
  throw new Error('unreachable');
}

describe.each([
  ['fewer features than atoms', wide],
  ['fewer atoms than features', tall],
] as const)('every iterate is that of the float64 reference: %s', (_, { problem, y, references }) => {
  test.each([
    ['matrix', salsa(problem, { penalty: 0.75 })],
    ['solve', salsa(problem, { penalty: 0.75, form: 'solve' })],
    [
      'solve, for any penalty',
      salsa(problem, { penalty: 0.75, form: 'solve', adapt: (residual: tf.Tensor) => tf.onesLike(residual) }),
    ],
    // As many steps as atoms solve exactly but for rounding.
    ['conjugate gradients', salsa(problem, { penalty: 0.75, form: { conjugateGradients: 20 } })],
  ] as [string, Iteration][])('%s', async (_, iteration) => {
    const expected = references.map((lasso) => referenceSalsa(lasso, { penalty: 0.75, iterations: 31 }));
    for (const steps of [1, 2, 7, 30]) {
      const { x, u, d } = await stateAfter(iteration, y, steps);
      for (const [b, iterates] of expected.entries()) {
        // A few dozen float32 roundings of steps that do not expand; 4e-7 is what is seen.
        expect(distance(x![b]!, iterates[steps - 1]!.x)).toBeLessThan(3e-6);
        expect(distance(d![b]!, iterates[steps - 1]!.d)).toBeLessThan(3e-6);
        expect(distance(u![b]!, iterates[steps]!.u)).toBeLessThan(3e-6);
      }
    }
  });
});

test('of two dictionaries: the same algorithm, as the paper writes it for two', async () => {
  const { x } = await stateAfter(salsa(mixed, { penalty: 0.75 }), wide.y, 9);
  for (const [b, lasso] of wide.references.entries()) {
    const expected = referenceSalsa(lasso, { penalty: 0.75, iterations: 9, weights: each }).at(-1)!.x;
    expect(distance(x![b]!, expected)).toBeLessThan(3e-6);
  }
});

describe('the limit is the lasso', () => {
  const stop = maxIterations(500);
  test.each([
    ['matrix, μ = 0.3', salsa(wide.problem, { penalty: 0.3 })],
    ['matrix, μ = 1', salsa(wide.problem)],
    ['matrix, μ = 4', salsa(wide.problem, { penalty: 4 })],
    ['solve', salsa(wide.problem, { form: 'solve' })],
    [
      'adaptive from μ = 0.01',
      salsa(wide.problem, { penalty: 0.01, form: 'solve', adapt: residualBalancing() }),
    ],
    [
      'adaptive from μ = 100',
      salsa(wide.problem, { penalty: 100, form: 'solve', adapt: residualBalancing() }),
    ],
    ['two steps of conjugate gradients', salsa(wide.problem, { form: { conjugateGradients: 2 } })],
  ] as [string, Iteration][])('%s', async (_, iteration) => {
    const { x, u, d, penalty } = await stateAfter(iteration, wide.y, 500);
    const parameters = await iteration.parameters();
    const [mu] = await parameters['penalty']!.data();
    tf.dispose(parameters);
    for (const [b, lasso] of wide.references.entries()) {
      const optimum = optima[b]!;
      // Float32 against float64: S has the rounding of its entries, 6e-8.
      expect(distance(u![b]!, optimum)).toBeLessThan(1e-6);
      expect(distance(x![b]!, optimum)).toBeLessThan(1e-6);
      expect(violationOf(lasso, u![b]!)).toBeLessThan(1e-5);
      // The multiplier: μ d = Aᵀ(y − A x), at most the weight, with equality and sign on the support.
      const scaled = d![b]!.map((value) => value * (penalty?.[b]?.[0] ?? mu!));
      expect(distance(scaled, pull(lasso, optimum))).toBeLessThan(1e-5);
      for (const [j, value] of scaled.entries()) {
        expect(Math.abs(value)).toBeLessThan(lasso.weight + 1e-5);
        if (u![b]![j] !== 0) expect(value).toBeCloseTo(lasso.weight * Math.sign(u![b]![j]!), 5);
      }
    }
  });

  test('with a weight for every block', async () => {
    const { code } = await solve(salsa(mixed), wide.y, { stop });
    const codes = await rows(code);
    for (const [b, lasso] of wide.references.entries()) {
      // x = z / w, where z solves the lasso of weight 1 with the atoms a_j / w_j: exact, as the weights are powers of 2.
      const scaled: Lasso = {
        ...lasso,
        atoms: lasso.atoms.map((entry, index) => entry / each[index % 20]!),
        weight: 1,
      };
      const optimum = optimumOf(scaled).map((value, j) => value / each[j]!);
      expect(distance(codes[b]!, optimum)).toBeLessThan(1e-6);
    }
  });

  test('of a convolution, by conjugate gradients where they are asked for', async () => {
    const { problem, y, references } = convolutionalProblem();
    const optimum = optimumOf(references[0]!);
    const form = { conjugateGradients: 4 };
    for (const iteration of [
      salsa(problem, { form }),
      salsa(problem, { form, penalty: 50, adapt: residualBalancing() }),
    ] as Iteration[]) {
      const { code } = await solve(iteration, y, { stop });
      expect(distance((await rows(code))[0]!, optimum)).toBeLessThan(1e-6);
    }
  });

  test.each([
    ['non-negative', l1(0.2, { nonNegative: true })],
    ['groups', groupLasso(0.3, { size: 4 })],
    ['elastic net', elasticNet(0.2, 0.1)],
  ])('of any prior: %s', async (_, prior) => {
    const problem = { ...wide.problem, prior };
    const { code: expected } = await solve(fista(problem, { restart: 'gradient' }), wide.y, { stop });
    const { code } = await solve(salsa(problem), wide.y, { stop });
    // Two float32 answers.
    expect(distance(await code.data(), await expected.data())).toBeLessThan(2e-6);
  });
});

test('equal weights: two dictionaries are one', async () => {
  const weight = 0.25;
  const prior = blocks(sizes.map((size) => ({ prior: l1(weight), size })));
  const apart = await stateAfter(salsa({ ...mixed, prior }), wide.y, 12);
  const whole = await stateAfter(salsa({ ...wide.problem, prior: l1(weight) }), wide.y, 12);
  expect(apart).toEqual(whole);
});

describe('limits of the penalty', () => {
  test('a large one: shrinkage, then a gradient step of 1/μ', async () => {
    const penalty = 1e3;
    const { x } = await stateAfter(salsa(wide.problem, { penalty }), wide.y, 1);
    for (const [b, lasso] of wide.references.entries()) {
      const { u } = referenceSalsa(lasso, { penalty, iterations: 1 })[0]!;
      const expected = pull(lasso, u).map((value, j) => u[j]! + value / penalty);
      // ‖AᵀA‖²/μ² = 4e-5 is what the next term has.
      expect(distance(x![b]!, expected)).toBeLessThan(1e-4);
    }
  });

  test('a small one: the first step is least squares', async () => {
    const { x } = await stateAfter(salsa(tall.problem, { penalty: 1e-4 }), tall.y, 1);
    for (const [b, lasso] of tall.references.entries()) {
      const q = pull(lasso, new Float64Array(lasso.count));
      expect(distance(x![b]!, regularizedSolution(lasso, 0, q))).toBeLessThan(2e-3);
    }
  });

  test('without a prior the limit is least squares', async () => {
    const { code } = await solve(salsa({ ...tall.problem, prior: zero() }), tall.y, {
      stop: maxIterations(300),
    });
    const codes = await rows(code);
    for (const [b, lasso] of tall.references.entries()) {
      expect(distance(gramTimes(lasso, codes[b]!), pull(lasso, new Float64Array(lasso.count)))).toBeLessThan(
        1e-5,
      );
    }
  });
});

describe('an adaptive penalty', () => {
  test('takes fewer steps than a bad one, and is another one for every example', async () => {
    const steps = async (adapt: boolean) => {
      const { iterations } = await solve(
        salsa(wide.problem, { penalty: 200, form: 'solve', ...(adapt && { adapt: residualBalancing() }) }),
        wide.y,
        { stop: [primalResidual(1e-4), maxIterations(3000)], checkEvery: 1 },
      );
      return iterations;
    };
    expect(await steps(true)).toBeLessThan((await steps(false)) / 4);
  });

  test('rescales d, so that the multiplier μ d is what it was', async () => {
    const options = { penalty: 0.5, form: 'solve' } as const;
    const jump = (residual: tf.Tensor, _: tf.Tensor, t: number) => tf.fill(residual.shape, t === 3 ? 4 : 1);
    const before = await stateAfter(
      salsa(wide.problem, { ...options, adapt: (residual: tf.Tensor) => tf.onesLike(residual) }),
      wide.y,
      3,
    );
    const after = await stateAfter(salsa(wide.problem, { ...options, adapt: jump }), wide.y, 3);
    expect(after['x']).toEqual(before['x']);
    expect(after['penalty']!.map(([mu]) => mu)).toEqual([2, 2, 2]);
    expect(after['d']).toEqual(before['d']!.map((d) => d.map((value) => value / 4)));
  });

  test('stays what it is after `until` steps, and refuses what cannot be', () => {
    const [large, small] = [tf.tensor1d([100, 1, 1]), tf.tensor1d([1, 100, 1])];
    const rule = residualBalancing({ factor: 3, until: 5 });
    expect([...rule(large, small, 5).dataSync()].map((factor) => Math.round(factor * 1e6) / 1e6)).toEqual([
      3, 0.333333, 1,
    ]);
    expect([...rule(large, small, 6).dataSync()]).toEqual([1, 1, 1]);
    expect(() => residualBalancing({ factor: 1 })).toThrow('factor: expected a number > 1, got 1');
    expect(() => residualBalancing({ ratio: Number.NaN })).toThrow('ratio: expected a finite number');
    expect(() => residualBalancing({ until: -1 })).toThrow('until: expected a whole number ≥ 0');
    expect(() => residualBalancing({ times: 2 } as object)).toThrow('unknown option "times"');
  });
});

describe('refresh', () => {
  test.each(['matrix', 'solve'] as const)(
    'makes the form %s again from the atoms and the penalty',
    async (form) => {
      const iteration = salsa(wide.problem, { form });
      const parameters: Record<string, tf.Tensor> = { ...(await iteration.parameters()) };
      const others = lassoProblem(0.2, [16, 20, 3], 11).problem;
      parameters['operator.atoms'] = others.operator.parameters.atoms;
      parameters['penalty'] = tf.scalar(2);
      const refreshed = (await (iteration as Iteration).refresh!(parameters)) as Named;
      const expected: Named = await salsa(others, { form, penalty: 2 }).parameters();
      for (const [name, tensor] of Object.entries(refreshed))
        expect(await tensor.data()).toEqual(await expected[name]!.data());
      expect(Object.keys(refreshed)).toEqual(form === 'matrix' ? ['analysis', 'splitting'] : ['factor']);
    },
  );

  test('refuses a penalty that training has made negative', async () => {
    const iteration: Iteration = salsa(wide.problem);
    const parameters = { ...(await iteration.parameters()), penalty: tf.scalar(-1) };
    await expect(iteration.refresh!(parameters)).rejects.toThrow('penalty: expected a number > 0, got -1');
  });

  test('is not there where nothing follows from the atoms', () => {
    expect(salsa(wide.problem, { form: { conjugateGradients: 3 } }).refresh).toBeUndefined();
  });
});

test('a trained S that is not symmetric multiplies from the left: x = S q', async () => {
  const problem = {
    operator: dense(
      tf.tensor2d([
        [1, 0],
        [0, 1],
      ]),
    ),
    prior: l1(10),
    likelihood: gaussian(),
  };
  const iteration = salsa(problem, { penalty: 1, code: 'x' });
  const parameters = {
    ...(await iteration.parameters()),
    analysis: tf.tensor2d([
      [1, 2],
      [0, 1],
    ]),
    splitting: tf.tensor2d([
      [0, 1],
      [0, 0],
    ]),
  };
  const x = tf.tidy(() => {
    const layer = iteration.bind(parameters, tf.tensor2d([[3, 5]]));
    return iteration.code(layer.step(layer.start(), 1));
  });
  // W_e y = (13, 5); the weight makes u zero, so x = S q = (5, 0).
  expect([...(await x.data())]).toEqual([5, 0]);
});

describe('stop rules', () => {
  test('of both residuals are met at a solution', async () => {
    const { code, reason, history } = await solve(salsa(wide.problem), wide.y, {
      stop: [dualResidual(1e-4), maxIterations(2000)],
    });
    expect(reason).toBe('dualResidual');
    expect(history.at(-1)!.measures['dualResidual']).toBeLessThanOrEqual(1e-4);
    const codes = await rows(code);
    // Relative to ‖μd‖, which is at most √20 weights.
    for (const [b, lasso] of wide.references.entries())
      expect(violationOf(lasso, codes[b]!)).toBeLessThan(20 * 1e-4 * lasso.weight * Math.sqrt(20));
    const other = await solve(salsa(wide.problem), wide.y, {
      stop: [primalResidual(1e-5), maxIterations(2000)],
    });
    expect(other.reason).toBe('primalResidual');
    expect(distance(await other.code.data(), await code.data())).toBeLessThan(1e-2);
  });

  test('measure ‖x − u‖ beside the larger of the two, and beside ‖d‖', async () => {
    const { history } = await solve(salsa(wide.problem), wide.y, {
      stop: [maxIterations(3), primalResidual(1e-9), dualResidual(1e-9)],
    });
    const { x, u, d } = await stateAfter(salsa(wide.problem), wide.y, 3);
    const norm = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));
    const apart = x!.map((row, b) => norm(row.map((value, j) => value - u![b]![j]!)));
    const primal = apart.map((size, b) => size / Math.max(norm(x![b]!), norm(u![b]!)));
    const dual = apart.map((size, b) => size / norm(d![b]!));
    expect(history.at(-1)!.measures['primalResidual']).toBeCloseTo(Math.max(...primal), 5);
    expect(history.at(-1)!.measures['dualResidual']).toBeCloseTo(Math.max(...dual), 5);
  });

  test('of optimality work on the code u, which has exact zeros', async () => {
    const { reason } = await solve(salsa(wide.problem), wide.y, {
      stop: [kktViolation(1e-4), maxIterations(2000)],
    });
    expect(reason).toBe('kktViolation');
  });

  test('refuse an iteration that does not split, and leave nothing behind', async () => {
    const before = tf.memory().numTensors;
    for (const rule of [primalResidual(1e-3), dualResidual(1e-3)]) {
      await expect(solve(fista(wide.problem), wide.y, { stop: rule })).rejects.toThrow(
        `${rule.name}: expected an iteration with a state of x, u and d`,
      );
    }
    expect(tf.memory().numTensors).toBe(before);
    expect(() => primalResidual(0)).toThrow('primalResidual: expected a number > 0, got 0');
  });
});

describe('salsa refuses', () => {
  const problem = wide.problem;
  const refused: [string, () => unknown, string][] = [
    ['a penalty of 0', () => salsa(problem, { penalty: 0 }), 'penalty: expected a number > 0, got 0'],
    [
      'a penalty that is no number',
      () => salsa(problem, { penalty: Number.NaN }),
      'penalty: expected a finite number',
    ],
    ['an unknown option', () => salsa(problem, { mu: 1 } as object), 'unknown option "mu"'],
    [
      'an unknown form',
      () => salsa(problem, { form: 'cg' as 'solve' }),
      'form: expected one of matrix, solve, got "cg"',
    ],
    [
      'no steps of conjugate gradients',
      () => salsa(problem, { form: { conjugateGradients: 0 } }),
      'form.conjugateGradients: expected a whole number ≥ 1, got 0',
    ],
    ['an unknown code', () => salsa(problem, { code: 'z' as 'x' }), 'code: expected one of u, x'],
    [
      'to adapt a matrix',
      () => salsa(problem, { adapt: residualBalancing() as unknown as undefined }),
      "adapt: expected form 'solve'",
    ],
    [
      'a rule that is none',
      () => salsa(problem, { form: 'solve', adapt: true as unknown as undefined }),
      'adapt: expected a rule such as residualBalancing()',
    ],
    [
      'another likelihood',
      () =>
        salsa({
          ...problem,
          likelihood: { ...gaussian(), family: 'poisson' } as unknown as Likelihood<'gaussian'>,
        }),
      'salsa: problem.likelihood: expected the gaussian likelihood, got "poisson"',
    ],
    [
      'a convolution without being asked',
      () => salsa(convolutionalProblem().problem as unknown as typeof problem),
      'salsa: problem.operator: expected a dense operator, or form: { conjugateGradients: steps }',
    ],
    [
      'no operator',
      () => salsa({ ...problem, operator: undefined as unknown as Operator } as never),
      'an operator',
    ],
    [
      'no prior',
      () => salsa({ ...problem, prior: undefined } as never),
      'salsa: problem.prior: expected a prior',
    ],
  ];
  test.each(refused)('%s', (_, work, message) => {
    const before = tf.memory().numTensors;
    expect(work).toThrow(message);
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before + 3);
  });
});

test('a baseline is taken off the signals, as another iteration would', async () => {
  const shifted = { ...tall.problem, likelihood: gaussian({ baseline: 0.5 }) };
  const stop = maxIterations(20);
  const plain = tf.sub(tall.y, 0.5);
  for (const form of ['matrix', 'solve'] as const) {
    const { code } = await solve(salsa(shifted, { form }), tall.y, { stop });
    const expected = await solve(salsa(tall.problem, { form }), plain, { stop });
    expect(await code.data()).toEqual(await expected.code.data());
  }
});

const gain = tf.variable(tf.scalar(1));

test('an example that is zero stays zero, with a gradient that is finite', async () => {
  const y = tf.concat([tf.zeros([1, 16]), tf.slice(wide.y, [0, 0], [1, 16])]);
  const iteration = salsa(wide.problem, { form: { conjugateGradients: 3 } });
  const parameters = await iteration.parameters();
  const { grads } = tf.variableGrads(() => {
    const layer = iteration.bind(parameters, tf.mul(y, gain));
    const state = layer.step(layer.step(layer.start(), 1), 2);
    return tf.sum(tf.square(iteration.code(state)));
  }, [gain]);
  expect(Number.isFinite((await Object.values(grads)[0]!.data())[0])).toBe(true);
});

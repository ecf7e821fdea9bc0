import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import type { Iteration, Likelihood } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { compose, concatenate, conv1d, dense, identity } from '@unrolled/operators';
import { blocks, elasticNet, l1 } from '@unrolled/prox';
import { describe, expectTypeOf, test } from 'vitest';
import { fista, ista, iterate, residualBalancing, salsa } from '../src/index.ts';

await useBackend('wasm');

type NamesOfIteration<I> = I extends Iteration<infer N, string> ? N : never;
type StatesOf<I> = I extends Iteration<string, infer S> ? S : never;

/** Names are inferred, and what is misspelt is refused: `pnpm check` compiles this file. */
describe('the types of iterations', () => {
  const problem = {
    operator: conv1d(tf.ones([3, 1, 2])),
    prior: l1(0.1),
    likelihood: gaussian(),
  };

  test('name the parameters of the problem, and the step', () => {
    const iteration = fista(problem);
    expectTypeOf<NamesOfIteration<typeof iteration>>().toEqualTypeOf<
      'operator.filters' | 'prior.weight' | 'step'
    >();
    const other = ista({ ...problem, operator: dense(tf.ones([3, 2])), prior: elasticNet(0.1, 1) });
    expectTypeOf<NamesOfIteration<typeof other>>().toEqualTypeOf<
      'operator.atoms' | 'prior.weight' | 'prior.ridge' | 'step'
    >();
    const composed = ista({ ...problem, operator: compose(dense(tf.ones([3, 2])), dense(tf.ones([2, 4]))) });
    expectTypeOf<NamesOfIteration<typeof composed>>().toEqualTypeOf<
      'operator.outer.atoms' | 'operator.inner.atoms' | 'prior.weight' | 'step'
    >();
  });

  test('know the Gram form of the Gaussian likelihood alone', () => {
    const refused = () => {
      ista(problem, { form: 'gram' });
      const counts = { ...problem, likelihood: gaussian() as unknown as Likelihood<'poisson'> };
      ista(counts, { form: 'signal' });
      // @ts-expect-error its residual is not linear in the code
      fista(counts, { form: 'gram' });
    };
    expectTypeOf(refused).toBeFunction();
  });

  test('name the analysis where it is its own, and not otherwise', () => {
    const own = ista(problem, { analysis: 'own' });
    expectTypeOf<'analysis.filters'>().toExtend<NamesOfIteration<typeof own>>();
    const tied = ista(problem, { analysis: 'tied' });
    expectTypeOf<'analysis.filters'>().not.toExtend<NamesOfIteration<typeof tied>>();
  });

  test('name the state', () => {
    const plain = fista(problem, { step: 0.1 });
    expectTypeOf<StatesOf<typeof plain>>().toEqualTypeOf<'x' | 'z'>();
    const adaptive = fista(problem, { restart: 'gradient' });
    expectTypeOf<StatesOf<typeof adaptive>>().toEqualTypeOf<'x' | 'z' | 'recency'>();
    const monotone = fista(problem, { restart: 'monotone' });
    expectTypeOf<StatesOf<typeof monotone>>().toEqualTypeOf<'x' | 'z' | 'recency' | 'objective'>();
  });

  test('refuse what is misspelt or does not belong', () => {
    const refused = () => {
      // @ts-expect-error no such option
      fista(problem, { stpe: 1 });
      // @ts-expect-error no such restart
      fista(problem, { restart: 'sometimes' });
      // @ts-expect-error a likelihood where a prior is due
      fista({ ...problem, prior: gaussian() });
      // @ts-expect-error a problem without a prior
      fista({ operator: problem.operator, likelihood: problem.likelihood });
      const names: NamesOfIteration<ReturnType<typeof fista<typeof problem>>>[] = ['prior.weight'];
      // @ts-expect-error no such parameter
      names.push('operator.atoms');
      const turn = iterate(fista(problem), tf.ones([1, 3, 1])).next();
      // @ts-expect-error no such entry of the state
      turn.then(({ value }) => value?.state.u);
    };
    expectTypeOf(refused).toBeFunction();
  });
});

describe('the types of salsa', () => {
  const problem = { operator: dense(tf.ones([3, 2])), prior: l1(0.1), likelihood: gaussian() };
  const traces = { ...problem, operator: conv1d(tf.ones([3, 1, 2])) };

  test('name the parameters of every form', () => {
    const matrix = salsa(problem);
    expectTypeOf<NamesOfIteration<typeof matrix>>().toEqualTypeOf<
      'operator.atoms' | 'prior.weight' | 'penalty' | 'analysis' | 'splitting'
    >();
    const solved = salsa(problem, { form: 'solve' });
    expectTypeOf<NamesOfIteration<typeof solved>>().toEqualTypeOf<
      'operator.atoms' | 'prior.weight' | 'penalty' | 'factor'
    >();
    const iterated = salsa(traces, { form: { conjugateGradients: 5 } });
    expectTypeOf<NamesOfIteration<typeof iterated>>().toEqualTypeOf<
      'operator.filters' | 'prior.weight' | 'penalty'
    >();
    const separated = salsa({
      operator: concatenate([dense(tf.ones([3, 2])), dense(tf.ones([3, 4]))]),
      prior: blocks([
        { prior: l1(0.1), size: 2 },
        { prior: elasticNet(0.1, 1), size: 4 },
      ]),
      likelihood: gaussian(),
    });
    expectTypeOf<NamesOfIteration<typeof separated>>().toEqualTypeOf<
      | 'operator.0.atoms'
      | 'operator.1.atoms'
      | 'prior.0.weight'
      | 'prior.1.weight'
      | 'prior.1.ridge'
      | 'penalty'
      | 'analysis'
      | 'splitting'
    >();
  });

  test('name the state, with μ where it adapts', () => {
    const fixed = salsa(problem);
    expectTypeOf<StatesOf<typeof fixed>>().toEqualTypeOf<'x' | 'u' | 'd'>();
    const adaptive = salsa(problem, { form: 'solve', adapt: residualBalancing() });
    expectTypeOf<StatesOf<typeof adaptive>>().toEqualTypeOf<'x' | 'u' | 'd' | 'penalty'>();
  });

  test('refuse what it cannot solve', () => {
    const refused = () => {
      // @ts-expect-error a convolution has no matrix: conjugate gradients have to be asked for
      salsa(traces);
      // @ts-expect-error nor has it a factor
      salsa(traces, { form: 'solve' });
      // @ts-expect-error a concatenation with a part that has no matrix
      salsa({ ...problem, operator: concatenate([problem.operator, identity([3])]) });
      // @ts-expect-error the x-update of another likelihood is no linear solve
      salsa({ ...problem, likelihood: gaussian() as unknown as Likelihood<'poisson'> });
      // @ts-expect-error the matrix S belongs to one penalty
      salsa(problem, { adapt: residualBalancing() });
      // @ts-expect-error no such option
      salsa(problem, { mu: 1 });
      // @ts-expect-error a likelihood where a prior is due
      salsa({ ...problem, prior: gaussian() });
    };
    expectTypeOf(refused).toBeFunction();
  });
});

import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { collectScope } from '@unrolled/backend';
import {
  type Iteration,
  refuse,
  requireAllFinite,
  requireInteger,
  requireKnownOptions,
  requireSignals,
  throwIfAborted,
  UnrolledError,
} from '@unrolled/contracts';
import { inspect } from './inspect.ts';
import { iterate } from './iterate.ts';
import { problemFor } from './objective.ts';
import { pacer } from './pacer.ts';
import { maxIterations } from './stop/max-iterations.ts';
import { relativeChange } from './stop/relative-change.ts';
import type { StopRule, StopTest } from './stop/rule.ts';

/** Options of {@link solve}. */
export interface SolveOptions {
  /** The run stops where the first of these is met. Default: `[maxIterations(10_000), relativeChange(1e-6)]`. */
  readonly stop?: StopRule | readonly StopRule[];
  /** The device is read once in so many iterations, default 10. */
  readonly checkEvery?: number;
  /** Aborting makes `solve` throw ABORTED and leaves no tensor behind. */
  readonly signal?: AbortSignal;
  /** Called with every record of the history as it is made. */
  readonly onIteration?: (record: IterationRecord) => void;
}

/** One line of a solver's log, made every `checkEvery` iterations and at the end. */
export interface IterationRecord {
  readonly iteration: number;
  /** Since the start. */
  readonly seconds: number;
  /** Mean over the batch of F(x) = −log p(y | A x) + Φ(x). */
  readonly objective: number;
  /** What each measuring rule found, by name: the worst example. */
  readonly measures: { readonly [rule: string]: number };
}

/** What {@link solve} gives. */
export interface Solution {
  /** Codes `[batch, …]`. A fresh tensor. */
  readonly code: Tensor;
  readonly iterations: number;
  /** The name of the rule that was met. */
  readonly reason: string;
  readonly history: readonly IterationRecord[];
}

/**
 * Runs an iteration until a stop rule is met by every example of the batch.
 *
 * Without a rule that counts (`maxIterations`, `timeLimit`) it runs for as long as it takes to meet a tolerance, which may be
 * for ever. Untrained, `unroll(iteration, { layers: T })` encodes to the same bits as `solve` with `maxIterations(T)`.
 *
 * @param iteration an algorithm bound to a problem
 * @param y signals `[batch, …]`, lent
 * @throws NOT_FINITE where `y` is not finite; INVALID_ARGUMENT where the likelihood cannot have produced it; DIVERGED where the code no longer is; ABORTED; INVALID_SHAPE, …
 * @example
 * const { code, iterations, reason } = await solve(fista(problem), y, { stop: [maxIterations(500), kktViolation(1e-4)] });
 */
export async function solve<N extends string, S extends string>(
  iteration: Iteration<N, S>,
  y: Tensor,
  options: SolveOptions = {},
): Promise<Solution> {
  requireKnownOptions('solve', options, ['stop', 'checkEvery', 'signal', 'onIteration']);
  const {
    stop = [maxIterations(10_000), relativeChange(1e-6)],
    checkEvery = 10,
    signal,
    onIteration,
  } = options;
  requireInteger('checkEvery', checkEvery);
  const rules = Array.isArray(stop) ? (stop as readonly StopRule[]) : [stop as StopRule];
  if (rules.length === 0) refuse('stop', 'no rules', 'at least one stop rule');
  throwIfAborted(signal);
  requireSignals('y', y);
  const values = await y.data();
  requireAllFinite('y', values);
  iteration.problem.likelihood.requireData?.('y', values);
  iteration.problem.operator.codeShape(y.shape);

  // The problem for these data lives as long as the run: a rule measures against it at every check.
  const scope = collectScope(() => problemFor(iteration.problem, y));
  const problem = scope.value;
  const tests: StopTest[] = [];
  const history: IterationRecord[] = [];
  const started = performance.now();
  const breathe = pacer();
  let code: Tensor | undefined;
  let previous: Tensor | undefined;
  try {
    for (const rule of rules) tests.push(rule.begin(problem, y));
    for await (const { t, state } of iterate(iteration, y)) {
      throwIfAborted(signal);
      previous?.dispose();
      previous = code;
      code = tf.clone(iteration.code(state));
      const seconds = (performance.now() - started) / 1000;
      const counted = tests.findIndex((test) => 'reached' in test && test.reached(t, seconds));
      if (counted < 0 && t % checkEvery !== 0) continue;

      const { finite, objective, measured, met } = await inspect(
        { problem, y, tests },
        { code, previous, state },
      );
      if (!finite) {
        throw new UnrolledError(
          'DIVERGED',
          `solve: ${iteration.name} gave a code that is not finite within ${t} iterations; is its step above 2/(curvature·‖A‖²)?`,
        );
      }
      const measures = Object.fromEntries(measured.map(({ index, value }) => [rules[index]!.name, value]));
      const record = Object.freeze({ iteration: t, seconds, objective, measures: Object.freeze(measures) });
      history.push(record);
      onIteration?.(record);
      const reason = rules[met >= 0 ? met : counted]?.name;
      if (reason !== undefined) {
        const solution = Object.freeze({ code, iterations: t, reason, history: Object.freeze(history) });
        code = undefined;
        return solution;
      }
      await breathe();
    }
    throw new Error('unreachable: iterate() never ends');
  } finally {
    tf.dispose([code, previous].filter((tensor) => tensor !== undefined));
    for (const test of tests) if ('measure' in test) test.dispose?.();
    tf.dispose([...scope.tensors]);
  }
}

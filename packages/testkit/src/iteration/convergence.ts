import * as tf from '@tensorflow/tfjs-core';
import type { Problem } from '@unrolled/contracts';
import { breaks, type Context, type Law } from '../law.ts';
import { example, type HostTensor, norm, ROUNDING, read } from '../shared/host.ts';
import { withInputs } from '../shared/operation.ts';
import { drawSignal, encode, type IterationSubject, withParameters } from './subject.ts';

/** Iterated, it solves the problem that it is bound to. */
export const convergenceLaws: readonly Law<IterationSubject>[] = [
  {
    name: 'optimality',
    statement: 'after all steps x = prox(x + α Aᵀ residual(y, A x), α), for any α > 0',
    check: checkOptimality,
  },
  {
    name: 'descent',
    statement: 'negLogLik(y, A x) + Φ(x) is lower after all steps than at the start, for every example',
    applies: ({ iteration }) => iteration.problem.likelihood.exactResidual,
    check: checkDescent,
  },
];

async function checkOptimality(subject: IterationSubject, context: Context): Promise<void> {
  const { iteration, steps = 300, tolerance = 1e-3 } = subject;
  const { problem } = iteration;
  const y = await drawSignal(subject, context.random);
  const x = await codeAfter(subject, y, steps);
  const { curvature } = problem.likelihood;
  // Any α has the same fixed points; this one moves a code that is off by as much as it is off.
  const alpha = 1 / ((Number.isFinite(curvature) ? curvature : 10) * (await problem.operator.lipschitz()));
  const next = await withInputs({ x, y }, (tensors) =>
    read(() => {
      const eta = problem.operator.apply(tensors['x']!);
      const ascent = problem.operator.adjoint(problem.likelihood.residual(tensors['y']!, eta));
      return boundPrior(problem, tensors['y']!).prox(tf.add(tensors['x']!, tf.mul(alpha, ascent)), alpha);
    }),
  );
  for (let index = 0; index < y.shape[0]!; index++) {
    const [now, then] = [example(x, index).values, example(next, index).values];
    const distance = norm(now.map((value, i) => value - then[i]!));
    const scale = Math.max(norm(now), norm(then));
    if (!(distance <= tolerance * scale)) {
      breaks(
        context,
        `‖x − prox(x − α ∇f(x), α)‖ / ‖x‖ of example ${index} after ${steps} steps`,
        `at most ${tolerance}`,
        distance / scale,
      );
    }
  }
  if (norm(x.values) === 0) breaks(context, 'the solution', 'not all zero', 'zeros: choose a smaller weight');
}

async function checkDescent(subject: IterationSubject, context: Context): Promise<void> {
  const { steps = 300 } = subject;
  const y = await drawSignal(subject, context.random);
  const [before, after] = [
    await objective(subject, y, await codeAfter(subject, y, 0)),
    await objective(subject, y, await codeAfter(subject, y, steps)),
  ];
  for (const [index, value] of after.entries()) {
    if (!(value < before[index]! + ROUNDING * Math.abs(before[index]!))) {
      breaks(context, `objective of example ${index} after ${steps} steps`, `below ${before[index]}`, value);
    }
  }
}

function boundPrior(problem: Problem, y: tf.Tensor): Problem['prior'] {
  return problem.prior.bind?.(y, problem.operator) ?? problem.prior;
}

function codeAfter({ iteration }: IterationSubject, y: HostTensor, steps: number): Promise<HostTensor> {
  return withParameters(iteration, (parameters) =>
    withInputs({ y }, (tensors) => read(() => encode(iteration, parameters, tensors['y']!, steps))),
  );
}

async function objective(subject: IterationSubject, y: HostTensor, x: HostTensor): Promise<number[]> {
  const { problem } = subject.iteration;
  return withInputs({ x, y }, async (tensors) => {
    const loss = await read(() =>
      problem.likelihood.negLogLik(tensors['y']!, problem.operator.apply(tensors['x']!)),
    );
    const penalty = await read(() => boundPrior(problem, tensors['y']!).value(tensors['x']!));
    return Array.from(loss.values, (value, index) => value + penalty.values[index]!);
  });
}

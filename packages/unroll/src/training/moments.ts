import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { refuse, requirePositive } from '@unrolled/contracts';
import type { OptimizerRun, Rate } from './optimizer.ts';

/** The update of one variable: new values of the variable and of its moments. Runs in a tidy; fresh tensors. */
export type Update = (now: {
  readonly value: Tensor;
  readonly gradient: Tensor;
  readonly moments: readonly Tensor[];
  readonly rate: number;
  readonly step: number;
}) => { readonly value: Tensor; readonly moments: readonly Tensor[] };

/** An optimiser that keeps moments of the shape of each variable: what SGD with momentum and Adam share. */
export function withMoments(
  variables: readonly Variable[],
  names: readonly string[],
  rate: Rate,
  update: Update,
): OptimizerRun {
  const moments = variables.map((variable) =>
    names.map(() => tf.tidy(() => tf.variable(tf.zerosLike(variable), false))),
  );
  const named: Record<string, Variable> = {};
  moments.forEach((own, position) => {
    own.forEach((moment, index) => {
      named[`${names[index]!}/${position}`] = moment;
    });
  });
  let steps = 0;
  return {
    apply: (gradients) => {
      if (gradients.length !== variables.length)
        refuse('gradients', gradients.length, `${variables.length} gradients`);
      const step = steps + 1;
      const now = requirePositive('rate', typeof rate === 'function' ? rate(step) : rate);
      tf.tidy(() => {
        variables.forEach((variable, position) => {
          const gradient = gradients[position];
          if (!gradient) return;
          const own = moments[position]!;
          const next = update({ value: variable, gradient, moments: own, rate: now, step });
          variable.assign(next.value);
          next.moments.forEach((moment, index) => {
            own[index]!.assign(moment);
          });
        });
      });
      steps = step;
    },
    get steps() {
      return steps;
    },
    moments: named,
    resumeAt: (saved) => {
      steps = saved;
    },
    reset: () => {
      tf.tidy(() => {
        for (const moment of Object.values(named)) moment.assign(tf.zerosLike(moment));
      });
      steps = 0;
    },
    dispose: () => {
      for (const moment of Object.values(named)) if (!moment.isDisposed) moment.dispose();
    },
  };
}

import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Named, Problem } from '@unrolled/contracts';
import { objective } from './objective.ts';
import type { StopTest } from './stop/rule.ts';

/** What is known of a code after one read of the device. */
export interface Inspection {
  readonly finite: boolean;
  /** Mean over the batch. */
  readonly objective: number;
  /** What every measuring test found, with its place among the tests. */
  readonly measured: readonly { readonly index: number; readonly value: number }[];
  /** The place of the first measuring test that is met, −1 where none is. */
  readonly met: number;
}

/**
 * Is a code finite, what is its objective, what do the tests measure: in one read of the device, for that is what costs.
 *
 * @param at.previous the code one iteration before; the first one has none, and is compared with zero
 */
export async function inspect(
  run: { readonly problem: Problem; readonly y: Tensor; readonly tests: readonly StopTest[] },
  at: { readonly code: Tensor; readonly previous: Tensor | undefined; readonly state: Named },
): Promise<Inspection> {
  const { code, previous, state } = at;
  const measuring = run.tests.flatMap((test, index) => ('measure' in test ? [{ test, index }] : []));
  const scalars = tf.tidy(() =>
    tf.stack([
      tf.sum(tf.abs(code)),
      tf.mean(objective(run.problem, run.y, code)),
      ...measuring.map(({ test }) => test.measure(code, previous ?? tf.zerosLike(code), state)),
    ]),
  );
  try {
    const [size, mean, ...values] = await scalars.data();
    return {
      finite: Number.isFinite(size),
      objective: mean!,
      measured: measuring.map(({ index }, at) => ({ index, value: values[at]! })),
      met: measuring.find(({ test }, at) => values[at]! <= test.tolerance)?.index ?? -1,
    };
  } finally {
    scalars.dispose();
  }
}

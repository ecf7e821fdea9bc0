import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type Operator,
  random,
  requireFinite,
  requireInteger,
  requireKnownOptions,
  UnrolledError,
} from '@unrolled/contracts';

/** Options of {@link powerIteration}. */
export interface PowerIterationOptions {
  /** Applications of AᵀA, at least 50. Default 200. */
  readonly iterations?: number;
  /** What the estimate is multiplied by, ≥ 1: it comes from below. Default 1.05. */
  readonly safety?: number;
  /** Of the random start. Default 0. */
  readonly seed?: number;
}

/**
 * ‖A‖² of any operator for codes of one shape, by power iteration: v ← AᵀA v / ‖AᵀA v‖ from a random start, then
 * `safety`·‖AᵀA v‖.
 *
 * An estimate from below times a safety: not a proof, as the operators' own `lipschitz` are, but it is near the truth
 * where a bound is not (a composition; a convolution of short signals). A constant start can be orthogonal to what is
 * looked for: the start is normal noise. Norms are taken in float64 on the host, the operator runs on the device.
 *
 * @param operator A
 * @param codeShape the shape of one code with a batch of 1, from `operator.codeShape([1, …])`
 * @throws `INVALID_ARGUMENT` for fewer than 50 iterations, a safety below 1, a batch other than 1; `NOT_FINITE` where
 *   the operator gives a NaN or infinity
 * @example
 * ```ts
 * const L = await powerIteration(operator, operator.codeShape([1, 1000, 4]));
 * ```
 */
export async function powerIteration(
  operator: Operator,
  codeShape: readonly number[],
  options: PowerIterationOptions = {},
): Promise<number> {
  requireKnownOptions('powerIteration', options, ['iterations', 'safety', 'seed']);
  const iterations = requireInteger('iterations', options.iterations ?? 200, 50);
  const safety = requireFinite('safety', options.safety ?? 1.05);
  if (safety < 1) throw new UnrolledError('INVALID_ARGUMENT', `safety: expected a number ≥ 1, got ${safety}`);
  const generator = random(options.seed ?? 0);
  codeShape.forEach((size, axis) => {
    requireInteger(`codeShape[${axis}]`, size);
  });
  if (codeShape[0] !== 1) {
    throw new UnrolledError(
      'INVALID_ARGUMENT',
      `codeShape: expected a batch of 1, got [${codeShape.join(', ')}]`,
    );
  }
  const entries = codeShape.reduce((product, size) => product * size, 1);
  let code: ArrayLike<number> = Float64Array.from({ length: entries }, () => generator.normal());
  let norm = euclidean(code);
  for (let turn = 0; turn < iterations && norm > 0; turn++) {
    code = await image(operator, code, norm, codeShape);
    norm = euclidean(code);
  }
  return safety * norm;
}

/** AᵀA (code / norm). */
async function image(
  operator: Operator,
  code: ArrayLike<number>,
  norm: number,
  shape: readonly number[],
): Promise<ArrayLike<number>> {
  const result: Tensor = tf.tidy(() => {
    const unit = tf.tensor(
      Float32Array.from(code, (entry) => entry / norm),
      [...shape],
    );
    return operator.adjoint(operator.apply(unit));
  });
  try {
    return await result.data();
  } finally {
    result.dispose();
  }
}

function euclidean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index]! ** 2;
  if (!Number.isFinite(sum)) {
    throw new UnrolledError(
      'NOT_FINITE',
      'operator: expected AᵀA of a finite code to be finite, got NaN or infinity',
    );
  }
  return Math.sqrt(sum);
}

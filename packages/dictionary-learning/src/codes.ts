import * as tf from '@tensorflow/tfjs-core';
import type { Prior } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { dense } from '@unrolled/operators';
import { fista, kktViolation, maxIterations, relativeChange, solve } from '@unrolled/solvers';
import { type Atoms, toDictionary } from './atoms.ts';

/** How exactly codes are computed. */
export interface CodeOptions {
  /**
   * Codes are done where the Karush–Kuhn–Tucker conditions hold to this part of max |Dᵀ y| in every example (for a prior that cannot
   * tell: where a code changes by less than this part of itself). Default 1e-3: atoms are no better for codes that are more exact.
   */
  readonly tolerance?: number;
  /** At most so many iterations of FISTA. Default 1000. */
  readonly iterations?: number;
}

/** A batch with its codes, on the host. */
export interface CodedBatch {
  /** `[examples, features]` */
  readonly signals: Float32Array;
  /** `[examples, atoms]` */
  readonly codes: Float32Array;
  readonly examples: number;
}

/** A coded batch, and the mean over it of ½‖y − D x‖² + Φ(x). */
export interface Coding {
  readonly batch: CodedBatch;
  readonly objective: number;
}

/** x = argmin ½‖y − D x‖² + Φ(x) for a batch of signals, by FISTA on the device. */
export async function codesOf(
  atoms: Atoms,
  signals: Float32Array,
  options: { readonly prior: Prior; readonly codes: Required<CodeOptions>; readonly signal?: AbortSignal },
): Promise<Coding> {
  const { prior, signal } = options;
  const { tolerance, iterations } = options.codes;
  const examples = signals.length / atoms.features;
  const dictionary = toDictionary(atoms);
  const matrix = tf.tensor2d(dictionary.data, [atoms.features, atoms.count]);
  const y = tf.tensor2d(signals, [examples, atoms.features]);
  try {
    const problem = { operator: dense(matrix), prior, likelihood: gaussian() };
    const exact = prior.violation ? kktViolation(tolerance) : relativeChange(tolerance);
    const { code, history } = await solve(fista(problem, { restart: 'gradient' }), y, {
      stop: [exact, maxIterations(iterations)],
      ...(signal && { signal }),
    });
    const codes = Float32Array.from(await code.data());
    code.dispose();
    return { batch: { signals, codes, examples }, objective: history.at(-1)!.objective };
  } finally {
    tf.dispose([matrix, y]);
  }
}

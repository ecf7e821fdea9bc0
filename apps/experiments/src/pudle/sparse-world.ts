import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';
import { simulateHierarchy } from '@unrolled/data';
import { nearAtoms } from '@unrolled/pudle';
import type { HostExamples } from '@unrolled/unroll';
import type { WorldSize } from './plan.ts';

/** Signals without noise, what they are made of, and where learning begins. */
export interface SparseWorld {
  /** x = D z, `[examples, features]`. */
  readonly signals: HostExamples;
  /** z, `[examples, atoms]`. */
  readonly codes: HostExamples;
  /** D, `[features, atoms]`: columns of unit norm. */
  readonly truth: HostExamples;
  /** Near D. The caller's. */
  readonly start: Tensor2D;
}

/**
 * The paper's simulation: a Gaussian dictionary, codes with some entries of magnitude 1 to 2. As in its code, all entries of a code have
 * one sign.
 *
 * @param deviation of the first dictionary from the true one, in every entry
 */
export function sparseWorld(
  { features, atoms, active, examples }: WorldSize,
  deviation: number,
  seed: number,
): SparseWorld {
  const simulated = simulateHierarchy({
    features,
    atoms: [atoms],
    active,
    examples,
    nonNegative: true,
    seed,
  });
  const [truth, codes] = [simulated.dictionaries[0]!, simulated.codes[0]!];
  const draw = random(seed).split('signs');
  for (let example = 0; example < examples; example++) {
    if (draw.bits() & 1) continue;
    for (const { data, shape } of [simulated.signals, codes])
      for (let index = example * shape[1]!; index < (example + 1) * shape[1]!; index++) data[index]! *= -1;
  }
  const lent = tf.tensor2d(truth.data, [features, atoms]);
  const start = nearAtoms(lent, { deviation, random: random(seed).split('start') }) as Tensor2D;
  lent.dispose();
  return { signals: simulated.signals, codes, truth, start };
}

/** ‖found − true‖ of the dictionary, in the Frobenius norm. No matching: learning begins near the truth. */
export const distanceTo = ({ data }: HostExamples, found: ArrayLike<number>): number =>
  Math.hypot(...Array.from(data, (value, index) => value - found[index]!));

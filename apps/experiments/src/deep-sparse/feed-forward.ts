import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { simulateHierarchy } from '@unrolled/data';
import { layeredPursuit } from '@unrolled/deep-sparse';
import { dense } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import type { Hierarchy } from './plan.ts';

/** Layered pursuit of one step a level beside a ReLU network with the same dictionaries. */
export interface FeedForwardResult {
  readonly hierarchy: Hierarchy;
  /** Numbers in the codes of all levels, those that differ in any bit, and those that are not zero. */
  readonly numbers: number;
  readonly different: number;
  readonly active: number;
}

/** α and λ of every level: powers of two would hide rounding. */
const step = 0.3;
const weight = 0.1;

/** Encodes the same signals by both, and compares bit by bit. */
export async function feedForward(
  hierarchy: Hierarchy,
  { signals: examples, seed }: { readonly signals: number; readonly seed: number },
): Promise<FeedForwardResult> {
  const { features, atoms, columnSparsity, active } = hierarchy;
  const simulated = simulateHierarchy({
    features,
    atoms,
    columnSparsity,
    active,
    examples,
    seed,
    nonNegative: true,
  });
  const y = tf.tensor2d(simulated.signals.data, [examples, features]);
  const dictionaries = simulated.dictionaries.map(({ data, shape }) =>
    tf.tensor2d(data, shape as [number, number]),
  );
  const priors = dictionaries.map(() => l1(weight, { nonNegative: true }));
  const network = await layeredPursuit({
    levels: dictionaries.map((atoms, level) => ({ operator: dense(atoms), prior: priors[level]!, step })),
    layers: 1,
  });
  const codes = network.encode(y);
  const plain = reluNetwork(y, dictionaries);
  let [numbers, different, positive] = [0, 0, 0];
  for (const [level, code] of codes.entries()) {
    const [ours, theirs] = await Promise.all([bitsOf(code), bitsOf(plain[level]!)]);
    numbers += ours.length;
    ours.forEach((bits, index) => {
      if (bits !== theirs[index]) different++;
      if (bits !== 0) positive++;
    });
  }
  tf.dispose([y, ...dictionaries, ...priors.map(({ parameters }) => parameters), ...codes, ...plain]);
  network.dispose();
  return { hierarchy, numbers, different, active: positive };
}

/** x^l = relu(α · (A^lᵀ x^{l−1}) − α λ), level after level. */
function reluNetwork(y: Tensor, dictionaries: readonly Tensor2D[]): Tensor[] {
  return tf.tidy(() => {
    const [scale, bias] = [tf.scalar(step), tf.mul(tf.scalar(step), tf.scalar(weight))];
    const codes: Tensor[] = [];
    for (const atoms of dictionaries)
      codes.push(tf.relu(tf.sub(tf.mul(scale, tf.matMul(codes.at(-1) ?? y, atoms)), bias)));
    return codes;
  });
}

const bitsOf = async (code: Tensor): Promise<Uint32Array> => {
  const values = (await code.data()) as Float32Array;
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
};

import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { dense } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { fista, kktViolation, maxIterations, solve } from '@unrolled/solvers';

/** A lasso of unit-norm random atoms, and signals of three of them each with a little noise. */
export function makeWorld({ features = 12, atoms = 20, examples = 40, weight = 0.2, seed = 3 } = {}) {
  const generator = random(seed);
  const drawn = tf.tidy(() => {
    const raw = tf.tensor2d(
      Float32Array.from({ length: features * atoms }, () => generator.normal()),
      [features, atoms],
    );
    return tf.div(raw, tf.norm(raw, 2, 0));
  });
  const code = new Float32Array(examples * atoms);
  for (let example = 0; example < examples; example++)
    for (const amplitude of [2, -1.5, 1]) code[example * atoms + generator.integer(atoms)]! += amplitude;
  const y = tf.tidy(() =>
    tf.add(
      tf.matMul(tf.tensor2d(code, [examples, atoms]), tf.transpose(drawn)),
      tf.tensor2d(
        Float32Array.from({ length: examples * features }, () => 0.05 * generator.normal()),
        [examples, features],
      ),
    ),
  );
  return { problem: { operator: dense(drawn), prior: l1(weight), likelihood: gaussian() }, y };
}

/** The lasso's own codes. */
export async function optimalCodes({ problem, y }: ReturnType<typeof makeWorld>): Promise<tf.Tensor> {
  const { code } = await solve(fista(problem, { restart: 'gradient' }), y, {
    stop: [kktViolation(1e-5), maxIterations(2000)],
  });
  return code;
}

/** ‖a − b‖ / ‖b‖ */
export async function distance(a: tf.Tensor, b: tf.Tensor): Promise<number> {
  const [seen, expected] = [await a.data(), await b.data()];
  let [difference, size] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    difference += (seen[i]! - expected[i]!) ** 2;
    size += expected[i]! ** 2;
  }
  return Math.sqrt(difference / size);
}

import * as tf from '@tensorflow/tfjs-core';
import { useBackend, valueAndGradients } from '@unrolled/backend';
import { type Gradient, type Prior, random } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { dense } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { fista } from '@unrolled/solvers';
import { describe, expect, test } from 'vitest';
import { unroll } from '../src/index.ts';

await useBackend('wasm');

const draw = random(5);
const normal = (shape: [number, number]) =>
  tf.tensor2d(
    Float32Array.from({ length: shape[0] * shape[1] }, () => draw.normal(0, 0.4)),
    shape,
  );
const [atoms, y] = [normal([8, 12]), normal([2, 8])];

/** A prior whose prox fails when it is called for the n-th time. */
function failingAt<N extends string>(prior: Prior<N>, calls: { left: number }): Prior<N> {
  // A shrinkage would be taken in place of the prox.
  const { shrinkage: _, ...others } = prior;
  return {
    ...others,
    prox: (v, step) => {
      // What it has made by then is not its caller's to know.
      tf.square(v);
      if (--calls.left === 0) throw new Error('the prox fails');
      return prior.prox(v, step);
    },
    with: (parameters) => failingAt(prior.with(parameters), calls),
  };
}

const layers = 12;
const modes: [string, Gradient, number[]][] = [
  ['full', 'full', [1, 2, layers]],
  ['last 4', { last: 4 }, [1, layers - 4, layers - 3, layers]],
  ['decoder only', { last: 0 }, [1, layers]],
  // The calls of the way there are made again on the way back, the last segment first.
  ['checkpoint 5', { checkpoint: 5 }, [1, 5, 6, layers, layers + 1, layers + 5, 2 * layers]],
  // One call more to see whether it has converged, then those of the linear system, then the gradient's own.
  ['implicit', { implicit: { residual: 1 } }, [1, layers, layers + 1, layers + 2, layers + 5]],
];

describe.each(modes)('what fails within a gradient leaves nothing behind: %s', (_, gradient, failures) => {
  test.each(failures)('at call %i of the prox', async (left) => {
    const calls = { left: Number.POSITIVE_INFINITY };
    const prior = failingAt(l1(0.05), calls);
    const network = await unroll(fista({ operator: dense(atoms), prior, likelihood: gaussian() }), {
      layers,
      train: ['operator.atoms', 'prior.weight'],
    });
    const slopes = () =>
      valueAndGradients(
        () => tf.mean(tf.square(network.decode(network.encode(y, { gradient })))),
        network.trainable,
      );
    const before = tf.memory().numTensors;
    calls.left = left;
    expect(slopes).toThrow('the prox fails');
    expect(tf.memory().numTensors).toBe(before);

    // And the engine is as it was: the same gradient is computed afterwards.
    calls.left = Number.POSITIVE_INFINITY;
    const { value, gradients } = slopes();
    expect(gradients[0]!.dataSync().every(Number.isFinite)).toBe(true);
    tf.dispose([value, ...gradients.filter((tensor) => tensor !== null)]);
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(prior.parameters);
    network.dispose();
  });
});

import * as tf from '@tensorflow/tfjs-core';
import { valueAndGradients } from '@unrolled/backend';
import { type Gradient, random } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { dense } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { fista, ista } from '@unrolled/solvers';
import { reconstruction, unroll } from '../src/index.ts';

/** The regression instance of O-12: 12 × 20, unit columns, y = 2 d₁ − 1.5 d₂ + d₃ + noise. */
export function denseInstance() {
  const draw = random(12);
  const features = 12;
  const atoms = 20;
  const a = Float64Array.from({ length: features * atoms }, () => draw.normal());
  for (let j = 0; j < atoms; j++) {
    let norm = 0;
    for (let i = 0; i < features; i++) norm += a[i * atoms + j]! ** 2;
    for (let i = 0; i < features; i++) a[i * atoms + j]! /= Math.sqrt(norm);
  }
  // Rounded to float32 first, so that the reference and the device work on the same numbers.
  const matrix = Float64Array.from(Float32Array.from(a));
  const y = Float64Array.from(
    Float32Array.from(
      { length: features },
      (_, i) =>
        2 * matrix[i * atoms]! - 1.5 * matrix[i * atoms + 1]! + matrix[i * atoms + 2]! + draw.normal(0, 0.05),
    ),
  );
  return { matrix, y, features, atoms, weight: 0.3, step: 0.15 };
}

/** ‖found − expected‖ / ‖expected‖ */
export const relative = (found: ArrayLike<number>, expected: Float64Array): number =>
  Math.hypot(...expected.map((value, index) => value - found[index]!)) / Math.hypot(...expected);

/** Loss and gradients of a tied auto-encoder of so many layers on that instance. */
export async function deviceGradients(
  layers: number,
  gradient: Gradient,
  momentum: boolean,
  loss: typeof reconstruction = reconstruction,
) {
  const { matrix, y, features, atoms, weight, step } = denseInstance();
  const operator = dense(tf.tensor2d(Float32Array.from(matrix), [features, atoms]));
  const prior = l1(weight);
  const problem = { operator, prior, likelihood: gaussian() };
  const network = await unroll(momentum ? fista(problem, { step }) : ista(problem, { step }), {
    layers,
    train: ['operator.atoms', 'prior.weight'],
  });
  const signal = tf.tensor2d(Float32Array.from(y), [1, features]);
  try {
    const { value, gradients } = valueAndGradients(
      () => loss({ gradient })(network, signal),
      network.trainable,
    );
    const numbers = {
      loss: (await value.data())[0]!,
      operator: Float32Array.from(await gradients[0]!.data()),
      weight: (await gradients[1]?.data())?.[0] ?? 0,
    };
    tf.dispose([value, ...gradients.filter((tensor) => tensor !== null)]);
    return numbers;
  } finally {
    tf.dispose([signal, operator.parameters, prior.parameters]);
    network.dispose();
  }
}

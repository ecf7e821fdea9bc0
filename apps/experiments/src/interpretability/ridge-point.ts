import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { matMul, vectorJacobianProduct } from '@unrolled/backend';
import { throwIfAborted } from '@unrolled/contracts';
import type { Pudle } from '@unrolled/pudle';

/** Where the descent ended. */
export interface RidgePoint {
  /** Gradients by backpropagation, and steps of conjugate gradients between them. */
  readonly gradients: number;
  readonly steps: number;
  /** Of the last gradient, as a share of the first. */
  readonly gradient: number;
}

/** Below which a gradient is the rounding of float32 and nothing else. */
const settled = 3e-6;
const most = { gradients: 10, steps: 200 } as const;

/**
 * Brings a network's atoms to where, for given codes, the decoder's gradient and the ridge's cancel,
 *
 *     g = ∂/∂D [ Σ_i ½‖x_i − D z_i‖² + (ρ/2)‖D‖² ] = 0,
 *
 * by backpropagation: conjugate gradients downhill, and again from the gradient there, until it is nothing but rounding.
 */
export async function descendToRidgePoint(
  network: Pudle,
  x: Tensor,
  codes: Tensor,
  { ridge, signal }: { readonly ridge: number; readonly signal: AbortSignal },
): Promise<RidgePoint> {
  const atoms = network.variables['operator.atoms']!;
  const curvature = tf.tidy(() =>
    tf.add(matMul(codes, codes, { transposeA: true }), tf.mul(ridge, tf.eye(codes.shape[1]!))),
  );
  let [first, now, steps, gradients] = [0, 0, 0, 0];
  try {
    while (gradients < most.gradients) {
      throwIfAborted(signal);
      const gradient = tf.tidy(() => {
        const residual = tf.sub(network.decode(codes), x);
        const [pull] = vectorJacobianProduct(() => [network.decode(codes)], [atoms], [residual]);
        return tf.add(pull!, tf.mul(ridge, atoms));
      });
      gradients++;
      now = normOf(gradient);
      if (gradients === 1) first = now;
      if (now > settled * first) {
        const descent = descentOf(gradient, curvature);
        steps += descent.steps;
        tf.tidy(() => atoms.assign(tf.sub(atoms, descent.move)));
        descent.move.dispose();
      }
      gradient.dispose();
      if (now <= settled * first) break;
    }
  } finally {
    curvature.dispose();
  }
  await network.refresh();
  return { gradients, steps, gradient: now / first };
}

/** The M with M · curvature = gradient, by conjugate gradients. */
function descentOf(gradient: Tensor, curvature: Tensor): { readonly move: Tensor; readonly steps: number } {
  let state: [found: Tensor, left: Tensor, along: Tensor] = [
    tf.zerosLike(gradient),
    tf.clone(gradient),
    tf.clone(gradient),
  ];
  let square = squareOf(gradient);
  const enough = 1e-10 * square;
  let steps = 0;
  for (; steps < most.steps && square > enough; steps++) {
    const [found, left, along] = state;
    state = tf.tidy(() => {
      const bent = matMul(along, curvature);
      const step = square / tf.sum(tf.mul(along, bent)).dataSync()[0]!;
      const rest = tf.sub(left, tf.mul(step, bent));
      const before = square;
      square = squareOf(rest);
      const next = tf.add(rest, tf.mul(square / before, along));
      return [tf.add(found, tf.mul(step, along)), rest, next];
    });
    tf.dispose([found, left, along]);
  }
  const [move, left, along] = state;
  tf.dispose([left, along]);
  return { move, steps };
}

const squareOf = (tensor: Tensor): number => tf.tidy(() => tf.sum(tf.square(tensor)).dataSync()[0]!);

const normOf = (tensor: Tensor): number => Math.sqrt(squareOf(tensor));

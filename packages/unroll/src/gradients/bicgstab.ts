import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { dot } from './packed-state.ts';

/** What `bicgstab` gives. */
export interface LinearSolution {
  /** A fresh tensor. */
  readonly x: Tensor;
  /** ‖b − A x‖ / ‖b‖ */
  readonly residual: number;
  /** Applications of A. */
  readonly products: number;
}

/**
 * Solves A x = b for a square A that need be neither symmetric nor positive, by BiCGSTAB: two products an iteration and seven vectors,
 * however many iterations.
 *
 * @param apply A times a vector: a fresh tensor
 * @param b a vector, lent
 * @param options.tolerance stops at ‖b − A x‖ ≤ tolerance · ‖b‖
 * @param options.iterations at most so many
 * @see van der Vorst 1992, "Bi-CGSTAB", algorithm 3
 */
export function bicgstab(
  apply: (v: Tensor) => Tensor,
  b: Tensor,
  { tolerance, iterations }: { readonly tolerance: number; readonly iterations: number },
): LinearSolution {
  const scale = Math.sqrt(dot(b, b));
  const replace = (old: Tensor, next: () => Tensor): Tensor => {
    const fresh = tf.tidy(next);
    old.dispose();
    return fresh;
  };
  let x: Tensor = tf.zerosLike(b);
  let r = tf.clone(b);
  let shadow = tf.clone(b);
  let p = tf.zerosLike(b);
  let v = tf.zerosLike(b);
  let rho = 1;
  let alpha = 1;
  let omega = 1;
  let products = 0;
  let norm = scale;
  for (let i = 0; i < iterations && norm > tolerance * scale; i++) {
    let rhoNext = dot(shadow, r);
    if (Math.abs(rhoNext) <= BREAKDOWN * scale * norm || omega === 0) {
      // The residual has become orthogonal to its shadow (a triangular A does that at once): start again from here.
      shadow = replace(shadow, () => tf.clone(r));
      p = replace(p, () => tf.zerosLike(b));
      v = replace(v, () => tf.zerosLike(b));
      rho = alpha = omega = 1;
      rhoNext = norm * norm;
    }
    const beta = (rhoNext / rho) * (alpha / omega);
    rho = rhoNext;
    p = replace(p, () => tf.add(r, tf.mul(beta, tf.sub(p, tf.mul(omega, v)))));
    v = replace(v, () => apply(p));
    alpha = rho / dot(shadow, v);
    r = replace(r, () => tf.sub(r, tf.mul(alpha, v)));
    const t = tf.tidy(() => apply(r));
    products += 2;
    const tt = dot(t, t);
    omega = tt === 0 ? 0 : dot(t, r) / tt;
    x = replace(x, () => tf.add(x, tf.add(tf.mul(alpha, p), tf.mul(omega, r))));
    r = replace(r, () => tf.sub(r, tf.mul(omega, t)));
    t.dispose();
    norm = Math.sqrt(dot(r, r));
    if (!Number.isFinite(norm)) break;
  }
  tf.dispose([r, shadow, p, v]);
  return { x, residual: scale === 0 ? 0 : norm / scale, products };
}

/** ⟨shadow, r⟩ below this, relative to the norms, is a breakdown: float32 has about 1e-7. */
const BREAKDOWN = 1e-7;

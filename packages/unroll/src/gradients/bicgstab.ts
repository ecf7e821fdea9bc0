import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { dot } from './packed-state.ts';

/** What `bicgstab` gives. */
export interface LinearSolution {
  /** A fresh tensor. */
  readonly x: Tensor;
  /** ‖b − A x‖ / ‖b‖, computed from x itself: the recursion's own residual drifts away from it in float32. */
  readonly residual: number;
  /** Applications of A. */
  readonly products: number;
}

/** ⟨shadow, r⟩ below this, relative to the norms, is a breakdown: float32 has about 1e-7. */
const BREAKDOWN = 1e-7;

/** A residual that has grown by this much is not going to come back in float32. */
const GROWTH = 100;

/**
 * Solves A x = b for a square A that need be neither symmetric nor positive, by BiCGSTAB: two products an iteration and eight
 * vectors, however many iterations. It starts again from the best x where it breaks down, runs away, or only seemed to be done.
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
  let best: Tensor = tf.zerosLike(b);
  let least = scale;
  let products = 0;
  for (let left = iterations; left > 0 && least > tolerance * scale; ) {
    const run = runBicgstab(apply, b, best, { target: tolerance * scale, iterations: left });
    left -= Math.max(1, run.iterations);
    products += run.products;
    const better = run.norm < least;
    if (better) {
      best.dispose();
      best = run.x;
      least = run.norm;
    } else {
      run.x.dispose();
      break;
    }
  }
  return { x: best, residual: scale === 0 ? 0 : least / scale, products };
}

/** BiCGSTAB from one starting point until it is done or breaks down: the best x that it met, and its true residual. */
function runBicgstab(
  apply: (v: Tensor) => Tensor,
  b: Tensor,
  start: Tensor,
  { target, iterations }: { readonly target: number; readonly iterations: number },
) {
  const replace = (old: Tensor, next: () => Tensor): Tensor => {
    const fresh = tf.tidy(next);
    old.dispose();
    return fresh;
  };
  const size = (v: Tensor): number => Math.sqrt(dot(v, v));
  let x = tf.clone(start);
  let best = tf.clone(start);
  let r: Tensor = tf.tidy(() => tf.sub(b, apply(x)));
  const shadow = tf.clone(r);
  let p: Tensor = tf.zerosLike(b);
  let v: Tensor = tf.zerosLike(b);
  let [rho, alpha, omega] = [1, 1, 1];
  let norm = size(r);
  let least = norm;
  const shadowNorm = norm;
  let done = 0;
  while (done < iterations && norm > target && norm <= GROWTH * least && omega !== 0) {
    const next = dot(shadow, r);
    if (Math.abs(next) <= BREAKDOWN * shadowNorm * norm) break;
    const beta = (next / rho) * (alpha / omega);
    rho = next;
    p = replace(p, () => tf.add(r, tf.mul(beta, tf.sub(p, tf.mul(omega, v)))));
    v = replace(v, () => apply(p));
    alpha = rho / dot(shadow, v);
    r = replace(r, () => tf.sub(r, tf.mul(alpha, v)));
    const t = tf.tidy(() => apply(r));
    const tt = dot(t, t);
    omega = tt === 0 ? 0 : dot(t, r) / tt;
    x = replace(x, () => tf.add(x, tf.add(tf.mul(alpha, p), tf.mul(omega, r))));
    r = replace(r, () => tf.sub(r, tf.mul(omega, t)));
    t.dispose();
    norm = size(r);
    done++;
    if (norm < least) {
      least = norm;
      best = replace(best, () => tf.clone(x));
    }
  }
  const residual = tf.tidy(() => tf.sub(b, apply(best)));
  norm = size(residual);
  tf.dispose([x, r, shadow, p, v, residual]);
  return { x: best, norm, iterations: done, products: 2 * done + 2 };
}

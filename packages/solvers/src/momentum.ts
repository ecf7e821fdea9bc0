import { requireNonNegative } from '@unrolled/contracts';

/** How far iteration t extrapolates, counted from 1: z_t = x_t + β_t (x_t − x_{t−1}). A function on the host. */
export type Momentum = (t: number) => number;

/** s_1, s_2, … of Nesterov's sequence, as far as anyone has asked. */
const nesterov = [1];

/**
 * Nesterov's sequence, the one of FISTA:
 *
 *     s_1 = 1,   s_{t+1} = (1 + √(1 + 4 s_t²)) / 2,   β_t = (s_t − 1) / s_{t+1}
 *
 * so β = 0, 0.2818, 0.4340, 0.5311, 0.5988, 0.6489, …
 *
 * @see Beck & Teboulle 2009, "A fast iterative shrinkage-thresholding algorithm for linear inverse problems", (4.2)
 */
export const nesterovMomentum: Momentum = (t) => {
  while (nesterov.length <= t) {
    const last = nesterov.at(-1)!;
    nesterov.push((1 + Math.sqrt(1 + 4 * last * last)) / 2);
  }
  return (nesterov[t - 1]! - 1) / nesterov[t]!;
};

/**
 * β_t = (t − 1) / (t + a). With a = 2, the default, it is the sequence of K-Deep Simplex; with a > 2 the iterates
 * themselves are known to converge, not only the objective.
 *
 * @param a a number ≥ 0
 * @see Chambolle & Dossal 2015, "On the convergence of the iterates of FISTA", (5)
 * @example
 * const iteration = fista(problem, { momentum: chambolleDossalMomentum() });
 */
export function chambolleDossalMomentum(a = 2): Momentum {
  requireNonNegative('a', a);
  return (t) => (t - 1) / (t + a);
}

import type { Iteration, Problem } from '@unrolled/contracts';
import { nesterovMomentum } from './momentum.ts';
import { proximalGradient } from './proximal-gradient.ts';
import type {
  FormOption,
  ProximalGradientNames,
  ProximalGradientOptions,
  ProximalGradientState,
} from './proximal-gradient-options.ts';
import type { Restart } from './restart.ts';

/**
 * FISTA, the accelerated proximal gradient method bound to a problem: {@link ista} with Nesterov's momentum.
 *
 *     x_t = prox_{α c_t Φ}( z_{t−1} + α Aᵀ residual(y, A z_{t−1}) ),   z_t = x_t + β_t (x_t − x_{t−1})
 *
 * The code is x, which is sparse, never the extrapolated z, which is not. The objective may rise on the way; `restart`
 * prevents that. F(x_t) − F* ≤ 2 ‖x_0 − x*‖² / (α (t + 1)²) for α ≤ 1/(curvature·‖A‖²).
 *
 * @param problem operator A, prior Φ, likelihood; lent, never changed
 * @throws INVALID_ARGUMENT where the likelihood's curvature has no bound and no `step` is given, or an option is wrong
 * @example
 * const problem = { operator: conv1d(filters), prior: l1(0.1), likelihood: gaussian() };
 * const { code } = await solve(fista(problem, { restart: 'gradient' }), y, { stop: [kktViolation(1e-4)] });
 * @see Beck & Teboulle 2009, (4.1) to (4.3)
 */
export function fista<Q extends Problem, A extends 'tied' | 'own' = 'tied', R extends Restart = 'none'>(
  problem: Q,
  options: ProximalGradientOptions<A, R> & FormOption<Q> = {},
): Iteration<ProximalGradientNames<Q, A>, ProximalGradientState<R>, Q> {
  return proximalGradient('fista', problem, {
    ...options,
    momentum: options.momentum ?? nesterovMomentum,
  });
}

import type { Iteration, Problem } from '@unrolled/contracts';
import { proximalGradient } from './proximal-gradient.ts';
import type {
  FormOption,
  ProximalGradientNames,
  ProximalGradientOptions,
  ProximalGradientState,
} from './proximal-gradient-options.ts';
import type { Restart } from './restart.ts';

/**
 * ISTA, the proximal gradient method bound to a problem: from x_0 = z_0 = 0,
 *
 *     x_t = prox_{α c_t Φ}( z_{t−1} + α Aᵀ residual(y, A z_{t−1}) ),   z_t = x_t + β_t (x_t − x_{t−1})
 *
 * with β = 0 unless `momentum` says otherwise. Its parameters are the problem's and `step` (a scalar, α).
 *
 * @param problem operator A, prior Φ, likelihood; lent, never changed
 * @throws INVALID_ARGUMENT where the likelihood's curvature has no bound and no `step` is given, or an option is wrong
 * @example
 * const problem = { operator: conv1d(filters), prior: l1(0.1), likelihood: gaussian() };
 * const { code } = await solve(ista(problem), y);
 * @see Daubechies, Defrise & De Mol 2004; Beck & Teboulle 2009, (3.1)
 */
export function ista<Q extends Problem, A extends 'tied' | 'own' = 'tied', R extends Restart = 'none'>(
  problem: Q,
  options: ProximalGradientOptions<A, R> & FormOption<Q> = {},
): Iteration<ProximalGradientNames<Q, A>, ProximalGradientState<R>, Q> {
  return proximalGradient('ista', problem, options);
}

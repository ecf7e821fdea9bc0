import type { Likelihood } from './likelihood.ts';
import { type Named, type NamesOf, prefixNames, withoutPrefix } from './named.ts';
import type { Operator } from './operator.ts';
import type { Prior } from './prior.ts';

/** *Minimise over x: likelihood(y, operator·x) + prior(x)*. A plain record. */
export interface Problem<
  A extends Operator = Operator,
  R extends Prior = Prior,
  L extends Likelihood = Likelihood,
> {
  readonly operator: A;
  readonly prior: R;
  readonly likelihood: L;
}

/** The names of a problem's parameters: `'operator.filters' | 'prior.weight' | …`. */
export type ProblemNames<Q extends Problem> =
  | `operator.${NamesOf<Q['operator']>}`
  | `prior.${NamesOf<Q['prior']>}`
  | `likelihood.${NamesOf<Q['likelihood']>}`;

/** A problem's parameters as one flat record, lent. */
export function problemParameters<Q extends Problem>(problem: Q): Named<ProblemNames<Q>> {
  return {
    ...prefixNames('operator', problem.operator.parameters),
    ...prefixNames('prior', problem.prior.parameters),
    ...prefixNames('likelihood', problem.likelihood.parameters),
  } as Named<ProblemNames<Q>>;
}

/** The same problem around other tensors. Allocates no tensor. */
export function problemWith<Q extends Problem>(problem: Q, parameters: Named): Q {
  return {
    ...problem,
    operator: problem.operator.with(withoutPrefix('operator', parameters)),
    prior: problem.prior.with(withoutPrefix('prior', parameters)),
    likelihood: problem.likelihood.with(withoutPrefix('likelihood', parameters)),
  };
}

import { type Named, type Prior, prefixNames, refuse, withoutPrefix } from '@unrolled/contracts';

/** Refuses what is not a prior. */
export function requirePrior(name: string, prior: unknown): void {
  const candidate = prior as Partial<Prior> | null | undefined;
  if (typeof candidate?.prox !== 'function' || typeof candidate.value !== 'function') {
    refuse(name, prior, 'a prior');
  }
}

/** The parameters of a prior that is made out of another one: its own, and the other's as `prior.…`. */
export function madeFrom<O extends string, N extends string>(
  prior: Prior<N>,
  own: Named<O>,
): Named<O | `prior.${N}`> {
  return Object.freeze({ ...own, ...prefixNames('prior', prior.parameters) }) as Named<O | `prior.${N}`>;
}

/** The other prior around what `madeFrom` named. */
export function rebuilt<N extends string>(prior: Prior<N>, parameters: Named): Prior<N> {
  return prior.with(withoutPrefix('prior', parameters) as Named<N>);
}

import type { Parametric } from '@unrolled/contracts';
import type { Law } from '../law.ts';
import { derivativeLaws } from './derivatives.ts';
import type { Kind } from './operation.ts';
import { ownershipLaws } from './ownership.ts';
import { rebuildingLaws } from './rebuilding.ts';

/** The laws of operators, priors and likelihoods alike, checked on every function that a kind of them has. */
export function sharedLaws<S, P extends Parametric>(kind: Kind<S, P>): readonly Law<S>[] {
  return [...rebuildingLaws(kind), ...derivativeLaws(kind), ...ownershipLaws(kind)];
}

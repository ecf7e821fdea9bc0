import { type Problem, refuse } from '@unrolled/contracts';

/** 1/(curvature · ‖A‖²), given to ISTA as a number: it is learned, or absorbed by what is, and never computed again. */
export async function classicalStep({ operator, likelihood }: Problem): Promise<number> {
  const norm = likelihood.curvature * (await operator.lipschitz());
  if (!(norm > 0 && Number.isFinite(norm)))
    refuse('problem', operator.name, 'an operator that is not zero and a likelihood of bounded curvature');
  return 1 / norm;
}

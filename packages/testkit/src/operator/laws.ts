import type { Law } from '../law.ts';
import { sharedLaws } from '../shared/laws.ts';
import { linearMapLaws } from './linear-map.ts';
import { lipschitzLaw } from './lipschitz.ts';
import { solvableLaws } from './solvable.ts';
import { type OperatorSubject, operatorKind } from './subject.ts';

/**
 * What every `Operator` does: a linear map, its exact adjoint, a bound of its norm, tensors in good order.
 *
 * @example
 * await assertConforms(operatorLaws, () => ({ operator: dense(tf.tensor2d(…)), signalShape: [2, 8] }));
 */
export const operatorLaws: readonly Law<OperatorSubject>[] = Object.freeze([
  ...linearMapLaws,
  lipschitzLaw,
  ...solvableLaws,
  ...sharedLaws(operatorKind),
]);

import type { Law } from '../law.ts';
import { sharedLaws } from '../shared/laws.ts';
import { dualityLaws } from './duality.ts';
import { geometryLaws } from './geometry.ts';
import { minimumLaws } from './minimum.ts';
import { optimalityLaws } from './optimality.ts';
import { shrinkageLaws } from './shrinkage.ts';
import { type PriorSubject, priorKind } from './subject.ts';

/**
 * What every `Prior` does: its prox is the minimum that defines it, at every step, and has the right gradient.
 *
 * @example
 * await assertConforms(priorLaws, () => ({ prior: l1(0.5), codeShape: [2, 6] }));
 */
export const priorLaws: readonly Law<PriorSubject>[] = Object.freeze([
  ...geometryLaws,
  ...minimumLaws,
  ...optimalityLaws,
  ...dualityLaws,
  ...shrinkageLaws,
  ...sharedLaws(priorKind),
]);

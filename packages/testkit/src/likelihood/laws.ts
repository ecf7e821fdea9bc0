import type { Law } from '../law.ts';
import { sharedLaws } from '../shared/laws.ts';
import { dataLaws } from './data.ts';
import { familyLaws } from './family.ts';
import { lossLaws } from './loss.ts';
import { type LikelihoodSubject, likelihoodKind } from './subject.ts';

/**
 * What every `Likelihood` does: all of its functions are those of one exponential family.
 *
 * @example
 * await assertConforms(likelihoodLaws, () => ({ likelihood: gaussian(), signalShape: [2, 5] }));
 */
export const likelihoodLaws: readonly Law<LikelihoodSubject>[] = Object.freeze([
  ...familyLaws,
  ...lossLaws,
  ...dataLaws,
  ...sharedLaws(likelihoodKind),
]);

import type { Law } from '../law.ts';
import { gradientLaws } from './gradients.ts';
import { passLaws } from './passes.ts';
import type { NetworkSubject } from './subject.ts';
import { weightLaws } from './weights.ts';

/**
 * What every `Network` does: lends its own variables, encodes and decodes in good order, and has the right gradients.
 *
 * @example
 * await assertConforms(networkLaws, async () => ({
 *   network: await unroll(fista(problem), { layers: 4, train: ['operator.atoms'] }),
 *   signalShape: [2, 8],
 * }));
 */
export const networkLaws: readonly Law<NetworkSubject>[] = Object.freeze([
  ...weightLaws,
  ...passLaws,
  ...gradientLaws,
]);

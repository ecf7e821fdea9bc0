import type { HostExamples, UpdateStage } from '@unrolled/unroll';
import { requireExamples, spread } from '../examples.ts';
import { reseed } from '../landmarks/reseed.ts';
import { codesOf, massesOf } from '../sparse-codes.ts';
import { readLandmarks, writeLandmarks } from './network-landmarks.ts';

/** As many examples as are encoded to see which atoms are used. */
const watched = 2048;

/**
 * A stage of `train`: after every epoch, atoms that no code of the examples uses (of more than 2048, of those at even distances) are put
 * on examples far from the others. Such an atom has no gradient through the decoder, and would stay where it is.
 *
 * @param examples `[examples, features]`
 * @throws INVALID_SHAPE, NOT_FINITE
 */
export function reseedStage(examples: HostExamples): UpdateStage {
  requireExamples('examples', examples);
  const some = spread(examples, watched);
  return {
    name: 'reseed',
    when: 'epoch',
    update: async ({ network, random }) => {
      const masses = massesOf(await codesOf(network, some));
      const unused = Array.from(masses.keys()).filter((atom) => masses[atom] === 0);
      if (unused.length > 0)
        writeLandmarks(network, reseed(await readLandmarks(network), unused, some, random));
      return undefined;
    },
  };
}

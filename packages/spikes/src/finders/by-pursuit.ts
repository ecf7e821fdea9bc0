import { atEvents, refitAmplitudes } from '../matching/amplitudes.ts';
import { explain } from '../matching/explain.ts';
import { type FinderOf, learnedBank, namedFinder, refractoryOf } from './finder.ts';

/**
 * Finds spikes by pursuit with Bayes' rule for each unit's size, variability and rate; where they collide, several explanations are
 * followed and the most probable one stays; then amplitudes are refitted by least squares together. The default of `sortRecording`: it
 * solves for the sparse code with the learned dictionary, where the network stops after its layers.
 */
export const byPursuit: FinderOf = namedFinder('pursuit', async (learned, threshold) => {
  const { frontEnd, filters, statistics } = learned;
  const bank = learnedBank(learned);
  const priors = statistics.map(({ deviation, firingRate, background }) => ({
    deviation,
    background,
    probability: Math.min(0.5, Math.max(1e-9, firingRate / frontEnd.rate)),
  }));
  const refractory = refractoryOf(filters.shape[0]!);
  return {
    bank,
    find: async (signal) => {
      const { events, correlations } = explain(signal, bank, priors, { refractory, threshold });
      return refitAmplitudes(events, atEvents(events, correlations), bank);
    },
    dispose: () => undefined,
  };
});

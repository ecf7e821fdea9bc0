import * as tf from '@tensorflow/tfjs-core';
import { crsae, pickSpikes } from '@unrolled/crsae';
import { refitAmplitudes } from '../matching/amplitudes.ts';
import { correlate } from '../matching/bank.ts';
import type { Event } from '../matching/pursuit.ts';
import { synthesize } from '../matching/synthesize.ts';
import { type FinderOf, learnedBank, refractoryOf } from './finder.ts';

/** A spike is at least this part of its unit's size, as the code has it: the lasso shrinks, and noise passes it now and then. */
const LEAST = 0.4;

/**
 * Finds spikes in the code of the learned network, the encoder of CRsAE with its layers and weights: the mass of a unit's code within
 * its refractory period is one spike at its centre; amplitudes are then refitted by least squares on the support, which
 * takes off the lasso's shrinkage.
 */
export const byNetwork: FinderOf = async (learned, threshold) => {
  const { filters, weights, layers, norms } = learned;
  const [length, used, units] = filters.shape as [number, number, number];
  const bank = learnedBank(learned);
  if (units === 0 || used === 0) return { bank, find: async () => [], dispose: () => undefined };
  const initial = tf.tensor3d(filters.data, [length, used, units]);
  const network = await crsae({ filters: initial, weight: weights, layers });
  initial.dispose();
  return {
    bank,
    find: async (signal) => {
      const window = tf.tensor3d(signal, [1, signal.length / used, used]);
      const code = network.encode(window);
      const data = Float32Array.from(await code.data());
      const { shape } = code;
      tf.dispose([window, code]);
      const events = pickSpikes({ data, shape }, { radius: refractoryOf(length), share: 0 })
        .map(({ atom, place, amplitude }): Event => {
          const size = amplitude / norms[atom]!;
          return { place, unit: atom, amplitude: size, score: (size ** 2 * bank.energies[atom]!) / 2 };
        })
        .filter(({ amplitude }) => amplitude > LEAST * threshold)
        .sort((a, b) => a.place - b.place || a.unit - b.unit);
      const residual = signal.slice();
      synthesize(events, bank.templates, used, residual, -1);
      return refitAmplitudes(events, correlate(residual, bank), bank);
    },
    dispose: () => network.dispose(),
  };
};

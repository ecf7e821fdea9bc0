import * as tf from '@tensorflow/tfjs-core';
import { crsae } from '@unrolled/crsae';
import type { SparseCode } from '@unrolled/solvers';
import { type FinderOf, learnedBank, namedFinder } from './finder.ts';
import { spikesOfCode } from './spikes-of-code.ts';

/**
 * Finds spikes in the code of the learned network, the encoder of CRsAE with its layers and weights: see `spikesOfCode`. The network stops
 * after its layers, before the code has settled; `bySparseCode` goes to the end.
 */
export const byNetwork: FinderOf = namedFinder('network', async (learned, threshold) => {
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
      const data = (await code.data()) as Float32Array;
      tf.dispose([window, code]);
      return spikesOfCode(signal, nonZeros(data, units), { norms, threshold, bank });
    },
    dispose: () => network.dispose(),
  };
});

/** The entries of a code `[positions × atoms]` that are not zero. */
function nonZeros(code: Float32Array, count: number): SparseCode {
  const entries: number[] = [];
  for (let i = 0; i < code.length; i++) if (code[i] !== 0) entries.push(i);
  return {
    positions: Int32Array.from(entries, (entry) => Math.floor(entry / count)),
    atoms: Int32Array.from(entries, (entry) => entry % count),
    values: Float32Array.from(entries, (entry) => code[entry]!),
  };
}

import * as tf from '@tensorflow/tfjs-core';
import { gaussian } from '@unrolled/likelihoods';
import { conv1d } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { coordinateDescent } from '@unrolled/solvers';
import { type FinderOf, learnedBank, namedFinder } from './finder.ts';
import { spikesOfCode } from './spikes-of-code.ts';

/**
 * Finds spikes in the exact sparse code with the learned dictionary: the minimum of
 *
 *     ½ ‖y − H x‖² + Σ_c w_c ‖x_c‖₁,   x ≥ 0
 *
 * with the learned filters H and weights w, by greedy coordinate descent (`coordinateDescent`) to a thousandth of the weight; then as
 * `byNetwork` reads its code (`spikesOfCode`). The fastest finder: its work grows with the number of spikes, not with that of samples.
 */
export const bySparseCode: FinderOf = namedFinder('code', async (learned, threshold) => {
  const { filters, weights, norms } = learned;
  const [length, used, units] = filters.shape as [number, number, number];
  const bank = learnedBank(learned);
  if (units === 0 || used === 0) return { bank, find: async () => [], dispose: () => undefined };
  const [dictionary, penalty] = [tf.tensor3d(filters.data, [length, used, units]), tf.tensor1d([...weights])];
  const problem = {
    operator: conv1d(dictionary),
    prior: l1(penalty, { nonNegative: true }),
    likelihood: gaussian(),
  };
  const solver = await coordinateDescent(problem);
  tf.dispose([dictionary, penalty]);
  return {
    bank,
    find: async (signal) => spikesOfCode(signal, solver.events(signal), { norms, threshold, bank }),
    dispose: solver.dispose,
  };
});

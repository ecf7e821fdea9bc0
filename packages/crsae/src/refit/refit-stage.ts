import * as tf from '@tensorflow/tfjs-core';
import { type Network, requireKnownOptions } from '@unrolled/contracts';
import { type HostExamples, lasso, type UpdateStage } from '@unrolled/unroll';
import { codesOf, pieces } from '../codes-of.ts';
import { requireHostBatch } from './host-batch.ts';
import { refitFilters } from './refit-filters.ts';

/**
 * Recentres and sharpens filters after every epoch: all are refitted by least squares on the support found in `windows`
 * (`refitFilters`), and kept where that lowers the lasso objective there. The optimiser of the filters then begins anew.
 *
 * The lasso objective on `windows`, never larger than before, is reported as the stage's loss.
 *
 * @param windows `[batch, time, channels]` on the host: the training windows, or some hundred of them
 * @param options.resets the gradient stage that trains the filters; default `'filters'`
 * @throws INVALID_SHAPE, NOT_FINITE for windows that are none; UNKNOWN_OPTION
 * @example
 * const stages = [filters, refitStage(windows, { resets: filters.name })];
 */
export function refitStage(windows: HostExamples, options: { readonly resets?: string } = {}): UpdateStage {
  requireHostBatch('windows', windows, '[batch, time, channels]');
  requireKnownOptions('refitStage', options, ['resets']);
  return Object.freeze<UpdateStage>({
    name: 'refit',
    when: 'epoch',
    update: async ({ network, resetOptimizer }) => {
      const variable = network.variables['operator.filters']!;
      const before = Float32Array.from(await variable.data());
      const objective = await meanObjective(network, windows);
      const codes = await codesOf(network, windows);
      const { filters } = refitFilters(windows, codes, { data: before, shape: variable.shape });
      await setFilters(network, filters);
      const after = await meanObjective(network, windows);
      // A NaN is no improvement either.
      const improved = after < objective;
      if (improved) resetOptimizer(options.resets ?? 'filters');
      else await setFilters(network, before);
      return improved ? after : objective;
    },
  });
}

async function setFilters(network: Network, filters: Float32Array): Promise<void> {
  const variable = network.variables['operator.filters']!;
  tf.tidy(() => variable.assign(tf.tensor(filters, variable.shape)));
  network.constrain();
  await network.refresh();
}

async function meanObjective(network: Network, windows: HostExamples): Promise<number> {
  let sum = 0;
  for (const batch of pieces(windows)) {
    try {
      const loss = lasso()(network, batch);
      sum += batch.shape[0]! * (await loss.data())[0]!;
      loss.dispose();
    } finally {
      batch.dispose();
    }
  }
  return sum / windows.shape[0]!;
}

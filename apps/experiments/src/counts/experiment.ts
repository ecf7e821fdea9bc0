import { useBackend } from '@unrolled/backend';
import type { Experiment } from '../experiment.ts';
import { page, type Results } from './page.ts';
import { recordings } from './recordings.ts';
import { simulations } from './simulation.ts';

/** Exponential-family auto-encoders on spike counts: simulated ones, and recorded trials. */
export const countsExperiment: Experiment = {
  name: 'counts',
  purpose:
    'DCEA learns filters and events of spike counts, beside a Gaussian model, a smoothed histogram and a GLM',
  run: async (context) => {
    const backend = await useBackend('auto');
    const { dataFolder, python, size, log } = context;
    const withData = dataFolder !== undefined && size !== 'smoke';
    if (!withData) log('recorded trials: skipped (no data folder, or the size is smoke)');
    else if (python === undefined)
      log('peers: skipped (no --python with apps/experiments/peers/requirements.txt)');
    const results: Results = {
      size,
      backend: backend.name,
      simulations: await simulations(context),
      ...(withData && { recordings: await recordings(context, dataFolder) }),
    };
    return { ...results };
  },
  page: (results, command) => page(results as unknown as Results, command),
};

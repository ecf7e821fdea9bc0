import { useBackend } from '@unrolled/backend';
import type { Experiment } from '../experiment.ts';
import { detectionCurve } from './detection-curve.ts';
import { page, type Results } from './page.ts';
import { heartbeats, hybridLocust, hybridPeers, recordingsWithoutTruth, talk } from './recordings.ts';
import { rates, simulations } from './simulation.ts';

/** CRsAE from simulated windows to sorted recordings. */
export const crsaeSpikes: Experiment = {
  name: 'crsae-spikes',
  purpose: 'CRsAE learns spike templates and sorts recordings, beside peers and against the truth',
  run: async (context) => {
    const backend = await useBackend('auto');
    const { dataFolder, python, size, log } = context;
    const withData = dataFolder !== undefined && size !== 'smoke';
    if (!withData) log('recordings with ground truth: skipped (no data folder, or the size is smoke)');
    else if (python === undefined)
      log('peers: skipped (no --python with apps/experiments/peers/requirements.txt)');
    const results: Results = {
      size,
      backend: backend.name,
      simulations: await simulations(context),
      rates: await rates(context),
      talk: await talk(context),
      curve: await detectionCurve(context),
      ...(withData && {
        hybrid: await hybridLocust(context, dataFolder),
        heartbeats: await heartbeats(context, dataFolder),
        recordings: await recordingsWithoutTruth(context, dataFolder),
        ...(python !== undefined && { peers: await hybridPeers(context, dataFolder, python) }),
      }),
    };
    return { ...results };
  },
  page: (results, command) => page(results as unknown as Results, command),
};

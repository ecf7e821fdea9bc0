import { setMaxListeners } from 'node:events';
import { useBackend } from '@unrolled/backend';
import { workerThreads } from '@unrolled/parallel/node';
import type { Experiment } from '../experiment.ts';
import { page, type Results } from './page.ts';
import { runParts } from './part.ts';
import { partNames } from './part-names.ts';
import { sparseEncodePeers } from './peers.ts';
import { albumOf, drawnAlbum } from './pictures.ts';

const parts = [...partNames, 'peers'] as const;
/** As many as the half hour of the default size is meant for. */
const threads = 2;

/** LSALSA beside LISTA, FISTA and SALSA: the experiments of the paper's section 6. */
export const lsalsaExperiment: Experiment = {
  name: 'lsalsa',
  purpose: 'LSALSA, LISTA, SALSA and FISTA at every depth: sparse codes, separation, classification, time',
  parts,
  run: async (context) => {
    const { size, log, dataFolder, python, wanted, signal } = context;
    const { device } = await useBackend('wasm');
    const pictureFolder = size === 'smoke' ? undefined : dataFolder;
    const album = size === 'smoke' ? drawnAlbum() : await albumOf(dataFolder);
    if (album === undefined) {
      log(
        'everything: skipped (no folder with Fashion-MNIST, MNIST and Kodak pictures; --size smoke needs none)',
      );
      return { size, device, origin: 'no pictures were found' };
    }
    // Every job that waits listens for an abort.
    setMaxListeners(0, signal);
    const executor = workerThreads({ threads });
    try {
      const names = partNames.filter(wanted);
      const found = await runParts({ context, executor, pictureFolder }, names);
      const compare = found.fashion && wanted('peers');
      if (compare && python === undefined)
        log('peers: skipped (no --python with apps/experiments/peers/requirements.txt)');
      const peers =
        compare && python !== undefined ? await sparseEncodePeers(context, found.fashion, python) : undefined;
      return { size, device, origin: album.origin, ...found, ...(peers && { peers }) };
    } finally {
      await executor.close();
    }
  },
  page: (results, command) => page(results as unknown as Results, command),
};

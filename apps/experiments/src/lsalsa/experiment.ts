import { useBackend } from '@unrolled/backend';
import { requireOneOf } from '@unrolled/contracts';
import type { Experiment } from '../experiment.ts';
import { fashionPatches, mixtures, naturalPatches } from './ingredients.ts';
import { page, type Results } from './page.ts';
import { type PartResult, part } from './part.ts';
import { sparseEncodePeers } from './peers.ts';
import { albumOf, drawnAlbum } from './pictures.ts';
import { plans } from './plan.ts';

/** Parts that can be run alone. */
const parts = ['fashion', 'natural', 'mixtures', 'large', 'three', 'peers'] as const;

/** LSALSA beside LISTA, FISTA and SALSA: the experiments of the paper's section 6. */
export const lsalsaExperiment: Experiment = {
  name: 'lsalsa',
  purpose: 'LSALSA, LISTA, SALSA and FISTA at every depth: sparse codes, separation, classification, time',
  parts,
  run: async (context) => {
    const backend = await useBackend('wasm');
    const { size, seed, log, dataFolder, python, only } = context;
    for (const name of only ?? []) requireOneOf('--part', name, parts);
    const album = size === 'smoke' ? drawnAlbum() : await albumOf(dataFolder);
    const plan = plans[size];
    const found: Record<string, unknown> = {};
    if (album === undefined) {
      log(
        'everything: skipped (no folder with Fashion-MNIST, MNIST and the Kodak pictures; --size smoke needs none)',
      );
      return { size, backend: backend.name, origin: 'nothing' };
    }
    const wanted = (name: (typeof parts)[number]): boolean => only === undefined || only.includes(name);
    const { origin } = album;
    const run = async (
      name: Exclude<(typeof parts)[number], 'peers'>,
      ingredients: Parameters<typeof part>[3]['ingredients'],
      pictures = 0,
    ): Promise<void> => {
      if (wanted(name))
        found[name] = await part(context, name, plan[name], { ingredients, pictures, origin });
    };
    await run('fashion', () => fashionPatches(album, plan.fashion));
    await run('natural', () => naturalPatches(album, plan.natural, seed));
    await run('mixtures', () => mixtures(album, plan.mixtures, { side: 16, sources: 2, seed }), 6);
    await run('large', () => mixtures(album, plan.large, { side: 32, sources: 2, seed }), 4);
    await run('three', () => mixtures(album, plan.three, { side: 16, sources: 3, seed }), 4);
    if (wanted('peers') && found['fashion'] !== undefined) {
      if (python === undefined)
        log('peers: skipped (no --python with apps/experiments/peers/requirements.txt)');
      else found['peers'] = await sparseEncodePeers(context, found['fashion'] as PartResult, python);
    }
    return { size, backend: backend.device, origin, ...found };
  },
  page: (results, command) => page(results as unknown as Results, command),
};

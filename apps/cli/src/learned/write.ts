import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeSafetensors, ndArray } from '@unrolled/formats';
import type { Learned } from '@unrolled/spikes';
import type { z } from 'zod';
import { type learnedSchema, networkFile } from './schema.ts';

/**
 * Writes the network and the front end that it sees a recording through. The templates stand in `templates.npy`.
 *
 * Host numbers are stored in float64, so that sorting with what is read back gives the same spikes.
 *
 * @returns the names of the files that it wrote
 */
export function writeLearned(folder: string, learned: Learned): string[] {
  const { frontEnd, duration, layers, norms, peaks, statistics, history, selection, seed } = learned;
  const { rate, channels, usedChannels, band, offsets, noise, whitening } = frontEnd;
  const used = usedChannels.length;
  const scalars = {
    version: 1,
    frontEnd: {
      rate,
      channels,
      usedChannels: [...usedChannels],
      band: { low: band.low, high: band.high, reach: band.reach },
    },
    duration,
    layers,
    norms: [...norms],
    peaks: [...peaks],
    statistics: [...statistics],
    history: history.map((epoch) => ({ ...epoch, weights: [...epoch.weights], moved: [...epoch.moved] })),
    selection: selection.map((step) => ({ ...step, candidates: [...step.candidates] })),
    seed,
  } satisfies z.input<typeof learnedSchema>;
  const tensors = {
    'operator.filters': ndArray(learned.filters.data, learned.filters.shape),
    'prior.weight': ndArray(Float64Array.from(learned.weights)),
    'front.band': ndArray(band.half),
    'front.offsets': ndArray(Float64Array.from(offsets)),
    'front.noise': ndArray(Float64Array.from(noise)),
    'front.whitening': ndArray(Float64Array.from(whitening.flat()), [used, used]),
  };
  writeFileSync(
    join(folder, networkFile),
    encodeSafetensors(tensors, { 'unrolled.learned': JSON.stringify(scalars) }),
  );
  return [networkFile];
}

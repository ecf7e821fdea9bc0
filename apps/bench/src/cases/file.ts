import type { Case, Variant } from '../benchmark.ts';
import { sortingFiles } from '../data/sorting-files.ts';
import { ownVersion } from '../own-variant.ts';
import { startSorter } from '../sorter.ts';

/** 4 GB of float32: 28 hours. */
const bytes = 4e9;

/** A recording that does not fit into memory. */
export const fileCase: Case = {
  name: 'file',
  about: 'a recording of 4 GB on disk, sorted on 2 worker threads',
  error: 'none',
  onRequest: true,
  goals: [],
  prepare: async (context) => {
    const files = await sortingFiles(context);
    const samples = context.size === 'full' ? bytes / 4 : 3 * files.samples;
    context.log('writing the recording');
    const path = await files.recording('large', samples);
    const sorter = await startSorter({ ...files, path, threads: 2 });
    const own: Variant = {
      name: 'unrolled',
      version: ownVersion,
      threads: 2,
      once: true,
      about: `${(samples / files.rate / 3600).toFixed(1)} hours at 10 kHz, float32: the talk’s recording over and over`,
      run: async () => (await sorter.run()).seconds,
      examine: async () => ({ objective: null, error: null }),
    };
    return {
      variants: [own],
      figures: () => {
        const { memory, spikes } = sorter.last();
        const gigabytes = memory / 2 ** 30;
        return [
          {
            what: `resident memory, ${spikes} spikes found`,
            goal: 'under 1 GB',
            figure: `${gigabytes.toFixed(2)} GB`,
            met: gigabytes < 1,
          },
        ];
      },
      dispose: sorter.stop,
    };
  },
};

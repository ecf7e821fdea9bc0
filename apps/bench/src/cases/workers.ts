import type { Case, Figure, Variant } from '../benchmark.ts';
import { sortingFiles } from '../data/sorting-files.ts';
import { duration, times } from '../goals.ts';
import { median } from '../median.ts';
import { ownVersion } from '../own-variant.ts';
import { type Sorter, type SortingRun, startSorter } from '../sorter.ts';

const speedUp = 1.8;
/** 1 / 1.8: what each of two workers may take of the CPU time of one. */
const largestShare = 0.56;
/** What a process may have more for a recording four times as long, megabytes: some of it is the spikes. */
const slack = 64;

/** The whole sorter, from file to spikes, on one worker and on two. */
export const workersCase: Case = {
  name: 'workers',
  about:
    'the talk’s 17 minutes from a file to spikes (filter, whiten, exact code, spikes), on 1 and 2 worker threads',
  error: '0 where times and units are those of one thread, bit for bit, else 1',
  goals: [],
  prepare: async (context) => {
    const files = await sortingFiles(context);
    const path = await files.recording('talk', files.samples);
    const quarter = await files.recording('talk-quarter', Math.floor(files.samples / 4));
    const start = (threads: number, file = path) => startSorter({ ...files, path: file, threads });
    const alone = await start(0);
    const { digest } = await alone.run();
    const measured = new Map<string, SortingRun[]>();
    const variant = (name: string, threads: number, sorter: Sorter): Variant => ({
      name,
      version: ownVersion,
      threads: Math.max(1, threads),
      about:
        threads === 0 ? 'in the program’s own thread' : `${threads} worker thread${threads > 1 ? 's' : ''}`,
      run: async () => {
        const run = await sorter.run();
        measured.set(name, [...(measured.get(name) ?? []), run]);
        return run.seconds;
      },
      examine: async () => ({ objective: null, error: sorter.last().digest === digest ? 0 : 1 }),
    });
    const sorters = [await start(2), await start(1), alone, await start(1, quarter)] as const;
    const [two, one, , short] = sorters;
    return {
      variants: [
        variant('unrolled', 2, two),
        variant('unrolled-1-worker', 1, one),
        variant('unrolled-0-workers', 0, alone),
        {
          ...variant('unrolled-quarter', 1, short),
          about: 'a quarter of the recording, 1 worker thread: for its memory',
          examine: async () => ({ objective: null, error: null }),
        },
      ],
      figures: () => [
        scaling(measured.get('unrolled')!, measured.get('unrolled-1-worker')!),
        memoryFigure(one.last(), short.last()),
      ],
      dispose: () => {
        for (const sorter of sorters) sorter.stop();
      },
    };
  },
};

/** How much faster two workers are, and the CPU time of the busier one against that of the one: on a busy machine the second tells. */
function scaling(two: readonly SortingRun[], one: readonly SortingRun[]): Figure {
  const seconds = (runs: readonly SortingRun[]): number => median(runs.map((run) => run.seconds));
  const ratio = seconds(one) / seconds(two);
  const busiest = two.flatMap(({ workers }) => (workers.length === 2 ? [Math.max(...workers)] : []));
  const single = one.flatMap(({ workers }) => (workers.length === 1 ? workers : []));
  const share = busiest.length === 0 ? Number.NaN : median(busiest) / median(single);
  const told = Number.isNaN(share)
    ? ''
    : `; each worker’s CPU time ${share.toFixed(2)} of the one’s (${duration(median(busiest))} of ${duration(median(single))})`;
  return {
    what: '2 workers against 1',
    goal: `${times(speedUp)} on an idle machine, or each worker’s CPU time at most ${largestShare} of the one’s`,
    figure: `${times(ratio)}${told}`,
    met: ratio >= speedUp || share <= largestShare,
  };
}

function memoryFigure(whole: SortingRun, quarter: SortingRun): Figure {
  const megabytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
  const [more, less] = [megabytes(whole.memory), megabytes(quarter.memory)];
  return {
    what: 'resident memory, 17 minutes and a quarter of them',
    goal: 'constant in the length',
    figure: `${more} MB and ${less} MB`,
    met: more - less <= slack,
  };
}

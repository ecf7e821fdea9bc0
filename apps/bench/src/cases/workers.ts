import type { Case, Figure, Variant } from '../benchmark.ts';
import { sortingFiles } from '../data/sorting-files.ts';
import { fasterThan } from '../goals.ts';
import { median } from '../median.ts';
import { ownVersion } from '../own-variant.ts';
import { type Sorter, type SortingRun, startSorter } from '../sorter.ts';

/** Where another worker would be idle half of the time, its share of the work would be 1. */
const largestShare = 0.56;
/** What a process may have more for a recording four times as long, megabytes: some of it is the spikes. */
const slack = 64;

/** The whole sorter, from file to spikes, on one worker and on two. */
export const workersCase: Case = {
  name: 'workers',
  about:
    'the talk’s 17 minutes from a file to spikes (filter, whiten, exact code, spikes), on 1 and 2 worker threads',
  error: '0 where times and units are those of one thread, bit for bit, else 1',
  goals: [fasterThan('unrolled', 'unrolled-1-worker', 1.8)],
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
        ...shareFigures(measured.get('unrolled') ?? [], measured.get('unrolled-1-worker') ?? []),
        memoryFigure(one.last(), short.last()),
      ],
      dispose: () => {
        for (const sorter of sorters) sorter.stop();
      },
    };
  },
};

/** The CPU time of the busiest of two workers, against that of the one. */
function shareFigures(two: readonly SortingRun[], one: readonly SortingRun[]): readonly Figure[] {
  const busiest = two.flatMap(({ workers }) => (workers.length === 2 ? [Math.max(...workers)] : []));
  const single = one.flatMap(({ workers }) => (workers.length === 1 ? workers : []));
  if (busiest.length === 0 || single.length === 0) return [];
  const share = median(busiest) / median(single);
  return [
    {
      what: 'CPU time of each of 2 workers, of that of 1',
      goal: `at most ${largestShare}, where the machine is not idle`,
      figure: `${share.toFixed(2)} (${median(busiest).toFixed(2)} s of ${median(single).toFixed(2)} s)`,
      met: share <= largestShare,
    },
  ];
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

import { type Command, Option } from 'commander';
import { wholeNumber } from '../arguments.ts';

/** The finders that `--find` takes, the default first: names of `@unrolled/spikes`, which help must not load. */
export const finders = ['pursuit', 'network', 'code'] as const;

/** How a recording is sorted once there are templates. */
export interface SortingOptions {
  readonly find: (typeof finders)[number];
  /** Undefined: as many as are worth it. */
  readonly threads?: number | undefined;
}

/** More threads than any machine that we know of has cores: a slip of the finger. */
const mostThreads = 1024;

export function addSortingOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--find <how>',
        'how spikes are found: by pursuit, in the code of the network, or in the exact sparse code (fastest)',
      )
        .choices(finders)
        .default(finders[0]),
    )
    .option(
      '--threads <n>',
      'threads that sort; left out: as many as there are cores, where that is faster. The result is the same',
      wholeNumber(1, mostThreads),
    );
}

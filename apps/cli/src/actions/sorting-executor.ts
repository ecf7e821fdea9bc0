import { availableParallelism } from 'node:os';
import type { Recording } from '@unrolled/data';
import type { Executor } from '@unrolled/parallel';
import { workerThreads } from '@unrolled/parallel/node';
import type { SortingOptions } from '../commands/sorting-options.ts';
import type { Backend, GlobalOptions } from '../program.ts';

/** Numbers of a recording for which one more worker sorts faster by about what it takes to start. */
const worthOneMore = 2 ** 22;

/** Backends of which every worker may have one of its own; others have threads of their own, or a device. */
const onePerWorker: readonly Backend[] = ['wasm', 'cpu'];

/**
 * Worker threads to sort a recording on; undefined where this thread alone does it.
 *
 * @param threads how many the user wants; undefined: as many as there are cores, at most as many as help
 */
export function sortingExecutor(
  threads: number | undefined,
  { find, backend }: Pick<SortingOptions, 'find'> & Pick<GlobalOptions, 'backend'>,
  { samples, channels }: Recording,
): Executor | undefined {
  const most = find === 'pursuit' || onePerWorker.includes(backend) ? availableParallelism() : 1;
  const worth = Math.ceil((samples * channels) / worthOneMore);
  const count = threads ?? Math.min(most, worth);
  return count === 1 ? undefined : workerThreads({ threads: count });
}

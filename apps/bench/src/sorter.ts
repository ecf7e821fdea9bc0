import { fileURLToPath } from 'node:url';
import { type LineProcess, lineProcess } from './peers/line-process.ts';

/** What one sorting of a file took. */
export interface SortingRun {
  readonly seconds: number;
  /** CPU seconds of each worker; empty where the system does not tell. */
  readonly workers: readonly number[];
  /** The most memory that the process has had so far, bytes. */
  readonly memory: number;
  readonly spikes: number;
  /** Of all times and units. */
  readonly digest: string;
}

/** A process that sorts one file. */
export interface Sorter {
  run(): Promise<SortingRun>;
  /** What the last run took. */
  last(): SortingRun;
  stop(): void;
}

// The built program, where tests run from the sources too.
const program = fileURLToPath(new URL('../dist/sort-program.js', import.meta.url));

/** @param threads workers; 0 sorts in the process's own thread */
export async function startSorter(options: {
  readonly path: string;
  readonly rate: number;
  readonly learned: string;
  readonly threads: number;
}): Promise<Sorter> {
  const server: LineProcess = lineProcess(process.execPath, [program], {});
  await server.ask({ do: 'prepare', ...options });
  let last: SortingRun | undefined;
  return {
    run: async () => {
      last = (await server.ask({ do: 'run' })) as unknown as SortingRun;
      return last;
    },
    last: () => last!,
    stop: server.stop,
  };
}

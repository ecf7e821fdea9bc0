import {
  refuse,
  requireInteger,
  requireKnownOptions,
  throwIfAborted,
  UnrolledError,
} from '@unrolled/contracts';
import type { Executor } from './executor.ts';
import { inProcess } from './in-process.ts';
import type { Task } from './task.ts';

/** How far a `map` is. */
export interface MapProgress {
  /** Results that were given. */
  readonly done: number;
  /** Items in all, where they have a `length`. */
  readonly total: number | undefined;
}

/** Options of `map`. */
export interface MapOptions<Setup, Item> {
  /** What the task's function is called with in every worker. */
  readonly setup: Setup;
  /** Where to work. Default: in this thread. It is lent: whoever made it closes it. */
  readonly executor?: Executor | undefined;
  /**
   * Items at most that are taken before their results are: those worked on, those waiting, and results that wait for an earlier one.
   * Memory is bounded by it, however many items there are. Default: twice as many as the executor has threads.
   */
  readonly ahead?: number | undefined;
  /** Array buffers of an item that a worker is handed, not copied: they are empty here from then on. */
  readonly transfer?: ((item: Item) => readonly ArrayBuffer[]) | undefined;
  /** Stops the work, also within an item, with an ABORTED error. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: MapProgress) => void) | undefined;
}

const OPTIONS = ['setup', 'executor', 'ahead', 'transfer', 'signal', 'onProgress'];

/**
 * Maps items by a task: results in the order of the items, whichever is finished first, and the same for any executor.
 *
 * Items are taken as they are needed, never more than `ahead` before their results: an endless iterable takes constant memory. The
 * first item, in their order, that fails ends the map with its error, after the results before it. Leaving the loop early, an
 * error and an abort all stop what is still being worked on.
 *
 * @param items an iterable or an async iterable; its `return` is called where the map ends early
 * @throws INVALID_ARGUMENT, UNKNOWN_OPTION at once; ABORTED, and what the task throws, with its code and message, from the loop
 * @example
 * await using executor = workerThreads({ threads: 2 }); // of '@unrolled/parallel/node'
 * for await (const result of map(task, items, { setup, executor })) console.log(result);
 */
export function map<Setup, Item, Result>(
  task: Task<Setup, Item, Result>,
  items: Iterable<Item> | AsyncIterable<Item>,
  options: MapOptions<Setup, Item>,
): AsyncGenerator<Result, void, undefined> {
  requireKnownOptions('options', options, OPTIONS);
  if (typeof task?.load !== 'function') refuse('task', task, 'a task of defineTask');
  const source = iteratorOf(items);
  const { executor, ahead = 2 * (executor?.threads ?? 1) } = options;
  requireInteger('options.ahead', ahead);
  return mapped(task, source, lengthOf(items), ahead, options);
}

async function* mapped<Setup, Item, Result>(
  task: Task<Setup, Item, Result>,
  source: AsyncIterator<Item> | Iterator<Item>,
  total: number | undefined,
  ahead: number,
  { setup, executor: lent, transfer = () => [], signal, onProgress }: MapOptions<Setup, Item>,
): AsyncGenerator<Result, void, undefined> {
  throwIfAborted(signal);
  const ending = new AbortController();
  const stopped = signal ? AbortSignal.any([signal, ending.signal]) : ending.signal;
  const aborted = rejection(stopped);
  const executor = lent ?? inProcess();
  const flights: Promise<Result>[] = [];
  let next: Promise<IteratorResult<Item>> | undefined;
  let exhausted = false;
  let done = 0;
  try {
    const started = await executor.start(task, setup);
    try {
      while (true) {
        if (!exhausted && next === undefined && flights.length < ahead) next = attempt(() => source.next());
        if (next === undefined && flights.length === 0) return;
        // Whatever comes first: an item to work on, or the result that is due. An item that is long in coming holds up no result.
        const taken = await Promise.race([
          aborted,
          ...(next ? [next] : []),
          ...(flights[0] ? [flights[0].then(() => undefined)] : []),
        ]);
        if (taken === undefined) {
          const result = await flights.shift()!;
          onProgress?.({ done: ++done, total });
          yield result;
          continue;
        }
        next = undefined;
        if (taken.done) {
          exhausted = true;
          continue;
        }
        const flight = started.run(taken.value, { signal: stopped, transfer: transfer(taken.value) });
        // It is thrown when its turn comes.
        flight.catch(() => undefined);
        flights.push(flight);
      }
    } finally {
      ending.abort();
      await started.stop();
    }
  } finally {
    // One that is still waited for may never come: it is told, and not waited for.
    if (!exhausted) attempt(async () => source.return?.()).catch(() => undefined);
    if (lent === undefined) await executor.close();
  }
}

/** Runs at once; what it throws is a rejection too. A rejection that nobody waits for is no fault. */
function attempt<Value>(work: () => Value | Promise<Value>): Promise<Value> {
  const result = new Promise<Value>((resolve) => resolve(work()));
  result.catch(() => undefined);
  return result;
}

function rejection(signal: AbortSignal): Promise<never> {
  const rejected = new Promise<never>((_, reject) => {
    const abort = () => reject(new UnrolledError('ABORTED', 'aborted', { cause: signal.reason }));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  rejected.catch(() => undefined);
  return rejected;
}

function iteratorOf<Item>(items: Iterable<Item> | AsyncIterable<Item>): AsyncIterator<Item> | Iterator<Item> {
  if (typeof items === 'object' && items !== null) {
    if (Symbol.asyncIterator in items) return items[Symbol.asyncIterator]();
    if (Symbol.iterator in items) return items[Symbol.iterator]();
  }
  return refuse('items', items, 'an iterable or an async iterable');
}

function lengthOf(items: object): number | undefined {
  return 'length' in items && typeof items.length === 'number' ? items.length : undefined;
}

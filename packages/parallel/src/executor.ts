import type { Task } from './task.ts';

/** Where items are worked on: in this thread, or on workers. `map` is the same for all. */
export interface Executor extends AsyncDisposable {
  /** How many items are worked on at the same time. */
  readonly threads: number;
  /**
   * Makes a task ready. Its set-up runs in each worker before that worker's first item.
   *
   * @throws UNAVAILABLE where the executor was closed
   */
  start<Setup, Item, Result>(
    task: Task<Setup, Item, Result>,
    setup: Setup,
  ): Promise<StartedTask<Item, Result>>;
  /** Ends all work, with an ABORTED error for what was not done, and frees everything. A second call does nothing. */
  close(): Promise<void>;
}

/** A task on an executor. */
export interface StartedTask<Item, Result> {
  /** Works on an item as soon as a worker is free. What the task throws comes back with its code and message. */
  run(item: Item, options: ItemOptions): Promise<Result>;
  /** The task is not needed any longer: what its set-up holds may be freed. */
  stop(): Promise<void>;
}

/** How one item is worked on. */
export interface ItemOptions {
  /** Ends the work on it: a worker is stopped, whatever it does. */
  readonly signal: AbortSignal;
  /** Array buffers in the item that are handed over, not copied. */
  readonly transfer: readonly ArrayBuffer[];
}

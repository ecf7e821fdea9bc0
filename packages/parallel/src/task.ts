import { refuse, UnrolledError } from '@unrolled/contracts';
import type { Moving } from './moving.ts';

/** A task that is set up: what one worker does with item after item. */
export interface TaskRunner<Item, Result> {
  /**
   * Works on one item. Items must not change one another's results: which worker gets which is not said.
   *
   * @param signal aborted where the result is no longer wanted, in this thread; a worker is stopped instead
   * @returns data that a structured clone can copy; `moving` hands buffers over
   */
  run(item: Item, signal?: AbortSignal): Returned<Result> | Promise<Returned<Result>>;
  /** Frees what it holds. */
  close?(): void | Promise<void>;
}

/** A result, or one whose buffers go with it. */
export type Returned<Result> = Result | Moving<Result>;

/**
 * What a module exports to be run on workers. It is called once in every worker that runs it: here a backend is started, a
 * learned dictionary is prepared.
 *
 * @param setup data that a structured clone can copy; a `SharedArrayBuffer` in it is shared
 */
export type TaskFunction<Setup, Item, Result> = (
  setup: Setup,
) => TaskRunner<Item, Result> | Promise<TaskRunner<Item, Result>>;

/** Where a task is found: an exported function of a module. */
export interface Task<Setup, Item, Result> {
  /** The module's URL. */
  readonly module: string;
  /** Its export. */
  readonly name: string;
  /** The function itself, in this thread. */
  load(): Promise<TaskFunction<Setup, Item, Result>>;
}

/** What `defineTask` takes. */
export interface TaskAddress<Setup, Item, Result> {
  /** URL of a module that this runtime can load as it is: JavaScript. */
  readonly module: URL | string;
  /** The name under which it exports the task's function. */
  readonly name: string;
  /**
   * Loads the function in this thread. Default: imports `module`, as a worker does. A library gives its own import, which
   * bundlers see and can follow.
   */
  readonly load?: () => Promise<TaskFunction<Setup, Item, Result>>;
}

/**
 * Names a task by its address: a function cannot be sent to a worker, where it is to be found can.
 *
 * @throws INVALID_ARGUMENT where the module is no absolute URL or the name is empty
 * @example
 * // squares.js: export const squares = ({ scale }) => ({ run: (value) => scale * value * value });
 * const task = defineTask<{ scale: number }, number, number>({
 *   module: new URL('./squares.js', import.meta.url),
 *   name: 'squares',
 * });
 */
export function defineTask<Setup, Item, Result>({
  module,
  name,
  load,
}: TaskAddress<Setup, Item, Result>): Task<Setup, Item, Result> {
  const { href } = URL.canParse(String(module))
    ? new URL(module)
    : refuse('module', module, 'an absolute URL');
  if (typeof name !== 'string' || name === '') refuse('name', name, 'the name of an export');
  return Object.freeze({
    module: href,
    name,
    load: load ?? (() => loadTask(href, name) as Promise<TaskFunction<Setup, Item, Result>>),
  });
}

/**
 * The function behind an address, in whichever thread.
 *
 * @throws INVALID_ARGUMENT where the module cannot be loaded or exports no such function
 */
export async function loadTask(
  module: string,
  name: string,
): Promise<TaskFunction<unknown, unknown, unknown>> {
  let exported: { readonly [name: string]: unknown };
  try {
    // No bundler can know the module: it is left to the runtime.
    exported = await import(/* @vite-ignore */ /* webpackIgnore: true */ module);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UnrolledError('INVALID_ARGUMENT', `module: ${module} cannot be loaded (${reason})`, { cause });
  }
  const found = exported[name];
  if (typeof found !== 'function') refuse('name', name, `a function that ${module} exports`);
  return found as TaskFunction<unknown, unknown, unknown>;
}

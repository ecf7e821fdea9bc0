import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { requireInteger, requireKnownOptions, throwIfAborted, UnrolledError } from '@unrolled/contracts';
import { Piscina } from 'piscina';
import type { Executor, ItemOptions, StartedTask } from '../executor.ts';
import type { Task } from '../task.ts';
import { type Reply, type Request, revivedError } from './messages.ts';

/** Options of `workerThreads`. */
export interface WorkerThreadsOptions {
  /** Workers. Default: as many as this machine has cores for us (`os.availableParallelism()`). */
  readonly threads?: number | undefined;
}

/**
 * The entry of a worker is always the built file: Node 20 loads no TypeScript, in a worker even less than elsewhere. This path leads
 * there from the sources, where tests run (`pnpm test` builds first), and from the built package alike.
 */
const entry = fileURLToPath(new URL('../../dist/node/worker.js', import.meta.url));

/**
 * Works on worker threads of Node, which are started at once, stay until `close`, and do not keep the process from ending. Tasks that
 * are started on it one after the other find the modules loaded that earlier ones have loaded.
 *
 * An abort stops the workers that work on what is aborted, in the middle of a loop if need be; others take their places.
 *
 * @throws INVALID_ARGUMENT where `threads` is no whole number ≥ 1; UNKNOWN_OPTION
 * @example
 * await using executor = workerThreads({ threads: 4 });
 * for await (const result of map(task, items, { setup, executor })) …
 */
export function workerThreads(options: WorkerThreadsOptions = {}): Executor {
  requireKnownOptions('options', options, ['threads']);
  const threads = requireInteger('options.threads', options.threads ?? availableParallelism());
  const pool = new Piscina({
    filename: entry,
    name: 'work',
    minThreads: threads,
    maxThreads: threads,
    execArgv: workerArguments(process.execArgv),
  });
  // A worker that dies between items is replaced; one that dies within an item rejects that item.
  pool.on('error', () => undefined);
  const wanted = new Set<number>();
  let nextId = 0;
  let closing: Promise<void> | undefined;

  const send = async (request: Request, { signal, transfer }: ItemOptions): Promise<Reply> => {
    try {
      return await pool.run(request, { signal, transferList: [...transfer] });
    } catch (error) {
      throwIfAborted(signal);
      if (closing) throw new UnrolledError('ABORTED', 'the executor was closed', { cause: error });
      throw explained(error);
    }
  };

  const close = (): Promise<void> => (closing ??= pool.destroy());

  return Object.freeze({
    threads,
    async start<Setup, Item, Result>({ module, name }: Task<Setup, Item, Result>, setup: Setup) {
      if (closing) throw new UnrolledError('UNAVAILABLE', 'the executor is closed');
      const id = nextId++;
      wanted.add(id);
      return Object.freeze({
        async run(item: Item, options: ItemOptions): Promise<Result> {
          throwIfAborted(options.signal);
          const { transfer } = options;
          let reply = await send({ id, wanted: [...wanted], item, transfer }, options);
          while (reply.kind === 'untold') {
            const start = { module, name, setup };
            const again = { id, wanted: [...wanted], start, item: reply.item, transfer: reply.transfer };
            reply = await send(again, { ...options, transfer: reply.transfer });
          }
          if (reply.kind === 'error') throw revivedError(reply.error);
          return reply.result as Result;
        },
        async stop() {
          wanted.delete(id);
        },
      } satisfies StartedTask<Item, Result>);
    },
    close,
    [Symbol.asyncDispose]: close,
  });
}

/** What went wrong between the threads, in our words. */
function explained(error: unknown): UnrolledError {
  const options = { cause: error };
  // What a worker could not send is a DOMException over there; here it arrives as an empty object.
  if (!(error instanceof Error) || error.name === 'DataCloneError') {
    const reason = error instanceof Error ? ` (${error.message})` : '';
    return new UnrolledError(
      'INVALID_ARGUMENT',
      `item, setup and result: expected data that a structured clone can copy${reason}`,
      options,
    );
  }
  return new UnrolledError('UNAVAILABLE', `a worker ended before its work (${error.message})`, options);
}

/** What Node was started with, for workers too, but for the condition that leads to our sources: see `entry`. */
function workerArguments(execArgv: readonly string[]): string[] {
  const source = '@unrolled/source';
  return execArgv.filter(
    (argument, index) =>
      !argument.includes(source) && !(argument === '--conditions' && execArgv[index + 1] === source),
  );
}

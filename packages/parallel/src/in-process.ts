import { throwIfAborted, UnrolledError } from '@unrolled/contracts';
import type { Executor, ItemOptions } from './executor.ts';
import { unmoved } from './moving.ts';
import type { Task, TaskRunner } from './task.ts';

/**
 * Works in this thread, one item after the other: wherever there are no workers, and where there is too little work for them.
 * Items and results are passed as they are, neither copied nor handed over.
 */
export function inProcess(): Executor {
  const closing = new AbortController();
  const close = async () => closing.abort();
  return Object.freeze({
    threads: 1,
    async start<Setup, Item, Result>(task: Task<Setup, Item, Result>, setup: Setup) {
      if (closing.signal.aborted) throw new UnrolledError('UNAVAILABLE', 'the executor is closed');
      let runner: Promise<TaskRunner<Item, Result>> | undefined;
      // Tasks that wait for something must not take turns within this thread: each item has it for itself.
      let last: Promise<unknown> = Promise.resolve();
      return {
        run(item: Item, { signal }: ItemOptions) {
          const work = async () => {
            throwIfAborted(signal);
            throwIfAborted(closing.signal);
            runner ??= task.load().then((prepare) => prepare(setup));
            return unmoved(await (await runner).run(item, signal)).value;
          };
          const result = last.then(work);
          last = result.catch(() => undefined);
          return result;
        },
        async stop() {
          await last;
          // A set-up that failed has told so, and has nothing to free.
          const ready = await runner?.catch(() => undefined);
          runner = undefined;
          await ready?.close?.();
        },
      };
    },
    close,
    [Symbol.asyncDispose]: close,
  });
}

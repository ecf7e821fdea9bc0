import { move, transferableSymbol, valueSymbol } from 'piscina';
import { unmoved } from '../moving.ts';
import { loadTask, type TaskRunner } from '../task.ts';
import { plainError, type Reply, type Request } from './messages.ts';

/** Tasks that this worker has set up. */
const held = new Map<number, Promise<TaskRunner<unknown, unknown>>>();

/** What runs in a worker: the pool calls it with one request after the other. */
export async function work({ id, wanted, start, item, transfer }: Request): Promise<unknown> {
  try {
    await release(wanted);
    if (start) {
      const setUp = async () => (await loadTask(start.module, start.name))(start.setup);
      if (!held.has(id)) held.set(id, setUp());
    }
    const runner = held.get(id);
    if (runner === undefined) return handingOver({ kind: 'untold', item, transfer }, transfer);
    const returned = unmoved(await (await runner).run(item));
    return handingOver({ kind: 'result', result: returned.value }, returned.transfer);
  } catch (error) {
    return { kind: 'error', error: plainError(error) } satisfies Reply;
  }
}

/** Frees what nobody wants any longer. */
async function release(wanted: readonly number[]): Promise<void> {
  for (const [id, runner] of held) {
    if (wanted.includes(id)) continue;
    held.delete(id);
    await (await runner.catch(() => undefined))?.close?.();
  }
}

function handingOver(reply: Reply, transfer: readonly ArrayBuffer[]): unknown {
  return transfer.length === 0 ? reply : move({ [transferableSymbol]: transfer, [valueSymbol]: reply });
}

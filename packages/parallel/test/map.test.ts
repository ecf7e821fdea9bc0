import { isUnrolledError } from '@unrolled/contracts';
import { afterAll, describe, expect, test } from 'vitest';
import { defineTask, type Executor, inProcess, type MapOptions, map, type Task } from '../src/index.ts';
import { workerThreads } from '../src/node/index.ts';

// Workers run what was built: `pnpm test` builds first.
const module = new URL('programs/tasks.mjs', import.meta.url);
const task = <Setup, Item, Result>(name: string): Task<Setup, Item, Result> => defineTask({ module, name });

const two = workerThreads({ threads: 2 });
const executors: readonly (readonly [string, Executor])[] = [
  ['in this thread', inProcess()],
  ['two workers', two],
  ['three workers', workerThreads({ threads: 3 })],
];
afterAll(() => Promise.all(executors.map(([, executor]) => executor.close())));

async function all<Result>(results: AsyncIterable<Result>): Promise<Result[]> {
  const list: Result[] = [];
  for await (const result of results) list.push(result);
  return list;
}

const squares = task<{ scale: number; slowest?: number }, number, number>('squares');

describe.each(executors)('map, %s', (_name, executor) => {
  test('gives results in the order of the items, whichever is finished first', async () => {
    const results = map(squares, [1, 2, 3, 4, 5, 6, 7], { setup: { scale: 2, slowest: 35 }, executor });
    expect(await all(results)).toEqual([2, 8, 18, 32, 50, 72, 98]);
  });

  test('gives the same numbers, bit for bit, as this thread', async () => {
    const recursion = task<{ steps: number }, number, number>('recursion');
    const items = Array.from({ length: 40 }, (_, i) => Math.fround(0.1 * i));
    const setup = { steps: 300 };
    expect(await all(map(recursion, items, { setup, executor }))).toEqual(
      await all(map(recursion, items, { setup })),
    );
  });

  test('takes items as they are needed: constant memory for an endless iterable', async () => {
    let taken = 0;
    let ended = false;
    async function* endless() {
      try {
        for (;;) yield taken++;
      } finally {
        ended = true;
      }
    }
    let given = 0;
    for await (const square of map(squares, endless(), { setup: { scale: 1 }, executor, ahead: 5 })) {
      expect(square).toBe(given ** 2);
      // One more is asked for while a result is on its way, never more than `ahead` are between.
      expect(taken - given).toBeLessThanOrEqual(5);
      if (++given === 50) break;
    }
    expect(ended).toBe(true);
  });

  test('an item that is long in coming holds up no result', async () => {
    const waited: number[] = [];
    let release = () => {};
    async function* slow() {
      yield 3;
      await new Promise<void>((resolve) => (release = resolve));
      yield 4;
    }
    for await (const result of map(squares, slow(), { setup: { scale: 1 }, executor, ahead: 4 })) {
      waited.push(result);
      release();
    }
    expect(waited).toEqual([9, 16]);
  });

  test('tells how far it is', async () => {
    const told: unknown[] = [];
    await all(
      map(squares, [1, 2, 3], {
        setup: { scale: 1 },
        executor,
        onProgress: (progress) => told.push(progress),
      }),
    );
    expect(told).toEqual([1, 2, 3].map((done) => ({ done, total: 3 })));
    expect(await all(map(squares, [], { setup: { scale: 1 }, executor }))).toEqual([]);
  });

  test('errors come back with their code, message and cause, after the results before them', async () => {
    const failing = task<undefined, string, string>('failing');
    const got: string[] = [];
    const error: unknown = await (async () => {
      for await (const one of map(failing, ['a', 'b', 'ours', 'c', 'theirs'], { setup: undefined, executor }))
        got.push(one);
    })().catch((reason: unknown) => reason);
    expect(got).toEqual(['a', 'b']);
    expect(error).toMatchObject({ name: 'UnrolledError', code: 'NOT_FINITE' });
    expect(error).toMatchObject({ message: 'signal: expected finite numbers', cause: { message: 'why' } });
    const theirs = all(map(failing, ['theirs'], { setup: undefined, executor }));
    await expect(theirs).rejects.toMatchObject({
      name: 'TypeError',
      code: 'ENOENT',
      message: 'no such thing',
    });
    // And the executor is as good as new.
    expect(await all(map(failing, ['d'], { setup: undefined, executor }))).toEqual(['d']);
  });

  test('errors of the set-up come back too', async () => {
    const results = all(map(task<null, number, number>('notSetUp'), [1, 2], { setup: null, executor }));
    await expect(results).rejects.toMatchObject({ code: 'UNAVAILABLE', message: 'no backend here' });
  });

  test('an abort ends it, also while it waits for an item', async () => {
    const controller = new AbortController();
    async function* never() {
      yield 1;
      await new Promise(() => {});
    }
    const results = map(squares, never(), { setup: { scale: 1 }, executor, signal: controller.signal });
    expect((await results.next()).value).toBe(1);
    setTimeout(() => controller.abort('enough'), 10);
    await expect(results.next()).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' });
    const late = map(squares, [1], { setup: { scale: 1 }, executor, signal: controller.signal });
    await expect(late.next()).rejects.toMatchObject({ code: 'ABORTED' });
  });

  test('refuses what it cannot work with', async () => {
    const given = { setup: { scale: 1 }, executor };
    const wrong = (options: object) => () =>
      map(squares, [1], { ...given, ...options } as MapOptions<{ scale: number }, number>);
    expect(wrong({ ahead: 0 })).toThrow(/options.ahead/);
    expect(wrong({ ahaed: 3 })).toThrow(/unknown option "ahaed"/);
    expect(() => map(squares, 3 as unknown as number[], given)).toThrow(/items: expected an iterable/);
    const missing = task<{ scale: number }, number, number>('cubes');
    await expect(all(map(missing, [1], given))).rejects.toThrow(/name: expected a function .* got "cubes"/);
    const nowhere = defineTask<{ scale: number }, number, number>({
      module: new URL('nowhere.mjs', import.meta.url),
      name: 'squares',
    });
    await expect(all(map(nowhere, [1], given))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('defineTask', () => {
  test('refuses an address that leads nowhere', () => {
    expect(() => defineTask({ module: './tasks.mjs', name: 'squares' })).toThrow(
      /module: expected an absolute URL/,
    );
    expect(() => defineTask({ module, name: '' })).toThrow(/name/);
  });
});

describe('inProcess', () => {
  test('sets up once, one item at a time, and frees at the end', async () => {
    const shared = new SharedArrayBuffer(8);
    const whoami = task<{ shared: SharedArrayBuffer }, number, { items: number }>('whoami');
    const results = await all(map(whoami, [1, 2, 3], { setup: { shared } }));
    expect(results.map(({ items }) => items)).toEqual([1, 2, 3]);
    expect([...new Int32Array(shared)]).toEqual([1, 1]);
    const executor = inProcess();
    await executor.close();
    const late = all(map(whoami, [1], { setup: { shared }, executor }));
    await expect(late).rejects.toSatisfy((error) => isUnrolledError(error, 'UNAVAILABLE'));
  });
});

import { UnrolledError } from '@unrolled/contracts';
import { expect, test } from 'vitest';
import { defineTask, map, type Task } from '../src/index.ts';
import { workerThreads } from '../src/node/index.ts';

const module = new URL('programs/tasks.mjs', import.meta.url);
const task = <Setup, Item, Result>(name: string): Task<Setup, Item, Result> => defineTask({ module, name });

async function all<Result>(results: AsyncIterable<Result>): Promise<Result[]> {
  const list: Result[] = [];
  for await (const result of results) list.push(result);
  return list;
}

const items = Array.from({ length: 24 }, (_, index) => index);

test('all workers work, each is set up once a task, and frees what it holds', async () => {
  await using executor = workerThreads({ threads: 2 });
  expect(executor.threads).toBe(2);
  const shared = new SharedArrayBuffer(8);
  const counts = new Int32Array(shared);
  const whoami = task<{ shared: SharedArrayBuffer }, number, { threadId: number; setUps: number }>('whoami');
  for (const round of [1, 2]) {
    const results = await all(map(whoami, items, { setup: { shared }, executor }));
    expect(new Set(results.map(({ threadId }) => threadId)).size).toBe(2);
    // The same threads each time: modules stay loaded. Each was set up once a round.
    expect(new Set(results.map(({ setUps }) => setUps))).toEqual(new Set([round]));
    expect(counts[0]).toBe(2 * round);
    // What the round before held was freed as this one began.
    expect(counts[1]).toBe(2 * (round - 1));
  }
});

test('tasks run beside each other on the same workers', async () => {
  await using executor = workerThreads({ threads: 2 });
  const squares = task<{ scale: number; slowest?: number }, number, number>('squares');
  const sums = await Promise.all(
    [1, 2, 3].map((scale) => all(map(squares, items, { setup: { scale, slowest: 20 }, executor }))),
  );
  expect(sums).toEqual([1, 2, 3].map((scale) => items.map((value) => scale * value * value)));
});

test('an abort stops a worker in the middle of a loop, and another one takes its place', async () => {
  await using executor = workerThreads({ threads: 2 });
  const counter = new SharedArrayBuffer(4);
  const counts = new Int32Array(counter);
  const controller = new AbortController();
  const endless = map(task<{ counter: SharedArrayBuffer }, number, never>('endless'), [1, 2], {
    setup: { counter },
    executor,
    signal: controller.signal,
  });
  const result = endless.next();
  while (counts[0] === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  controller.abort();
  await expect(result).rejects.toMatchObject({ code: 'ABORTED' });
  // Terminating takes a moment; then nothing counts any longer.
  await new Promise((resolve) => setTimeout(resolve, 200));
  const now = counts[0];
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(counts[0]).toBe(now);
  const squares = task<{ scale: number }, number, number>('squares');
  expect(await all(map(squares, [1, 2], { setup: { scale: 1 }, executor }))).toEqual([1, 4]);
});

test('leaving the loop early stops what is worked on', async () => {
  await using executor = workerThreads({ threads: 1 });
  const squares = task<{ scale: number; slowest?: number }, number, number>('squares');
  for await (const result of map(squares, items, { setup: { scale: 1 }, executor })) {
    if (result === 9) break;
  }
  expect(await all(map(squares, [3], { setup: { scale: 1 }, executor }))).toEqual([9]);
});

test('close ends what is under way, and what comes later is refused', async () => {
  const executor = workerThreads({ threads: 1 });
  const counter = new SharedArrayBuffer(4);
  const endless = map(task<{ counter: SharedArrayBuffer }, number, never>('endless'), [1, 2], {
    setup: { counter },
    executor,
  });
  const result = endless.next();
  result.catch(() => undefined);
  while (Atomics.load(new Int32Array(counter), 0) === 0)
    await new Promise((resolve) => setTimeout(resolve, 5));
  await executor.close();
  await executor.close();
  await expect(result).rejects.toMatchObject({ code: 'ABORTED' });
  const late = map(task<{ scale: number }, number, number>('squares'), [1], {
    setup: { scale: 1 },
    executor,
  });
  await expect(late.next()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});

test('buffers are handed over both ways, not copied', async () => {
  await using executor = workerThreads({ threads: 2 });
  const doubling = task<null, Float32Array<ArrayBuffer>, { values: Float32Array }>('doubling');
  const blocks = items.map((index) => Float32Array.of(index, index + 0.5));
  const results = await all(
    map(doubling, blocks, { setup: null, executor, transfer: ({ buffer }) => [buffer] }),
  );
  expect(results.map(({ values }) => [...values])).toEqual(items.map((index) => [2 * index, 2 * index + 1]));
  // Empty here: they have gone.
  expect(blocks.every(({ byteLength }) => byteLength === 0)).toBe(true);
});

test('a worker that dies, and what cannot be copied, are told as what they are', async () => {
  await using executor = workerThreads({ threads: 1 });
  const failing = task<null, unknown, unknown>('failing');
  const one = (item: unknown) => all(map(failing, [item], { setup: null, executor }));
  await expect(one('exit')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await expect(one('exit')).rejects.toThrow(/a worker ended before its work/);
  await expect(one(() => 1)).rejects.toBeInstanceOf(UnrolledError);
  await expect(one(() => 1)).rejects.toThrow(/structured clone/);
  await expect(one('uncloneable')).rejects.toThrow(/structured clone/);
  await expect(one('string')).rejects.toThrow('just so');
  expect(await one('fine')).toEqual(['fine']);
});

test('refuses a number of threads that is none', () => {
  expect(() => workerThreads({ threads: 0 })).toThrow(/options.threads/);
  expect(() => workerThreads({ threads: 1.5 })).toThrow(/options.threads/);
  expect(() => workerThreads({ thread: 2 } as object)).toThrow(/unknown option/);
});

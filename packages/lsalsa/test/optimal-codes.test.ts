import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import type { CheckpointStore } from '@unrolled/contracts';
import { fista, maxIterations, salsa, solve } from '@unrolled/solvers';
import { fileStore } from '@unrolled/unroll/node';
import { expect, test } from 'vitest';
import { optimalCodes, sourceProblem } from '../src/index.ts';
import { distance, drawAtoms, drawSignals, drawSources } from './world.ts';

await useBackend('wasm');

const sources = drawSources(2);
const problem = sourceProblem(sources);
const signals = await drawSignals(sources, 25);

test('are those of the iteration, whatever the batches, with exact zeros', async () => {
  const before = tf.memory().numTensors;
  const codes = await optimalCodes(fista(problem), signals, { iterations: 150, batchSize: 7 });
  const y = tf.tensor2d(signals.data, [25, 12]);
  const { code } = await solve(fista(problem), y, { stop: maxIterations(150) });
  // Products of other sizes round in another order.
  expect(distance(codes.data, await code.data())).toBeLessThan(1e-5);
  expect(codes.shape).toEqual([25, 17]);
  expect(codes.data.filter((value) => value === 0).length).toBeGreaterThan(100);
  tf.dispose([y, code]);
  expect(tf.memory().numTensors).toBe(before);
});

test('are computed once: a run that was stopped goes on, whatever changes is computed anew', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'codes-'));
  const store = (key: string): CheckpointStore => fileStore(join(folder, `${key}.safetensors`));
  const files = async () => (await readdir(folder)).length;
  try {
    const iteration = salsa(problem, { penalty: 2 });
    const controller = new AbortController();
    const stopped = optimalCodes(iteration, signals, {
      iterations: 30,
      batchSize: 5,
      store,
      signal: controller.signal,
      onProgress: (done) => done === 10 && controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await files()).toBe(2);
    const whole = await optimalCodes(iteration, signals, { iterations: 30, batchSize: 5, store });
    expect(await files()).toBe(5);
    // Solved again, it would throw.
    const { parameters } = iteration;
    const lazy = { ...iteration, parameters, bind: () => expect.fail('computed again') };
    const again = await optimalCodes(lazy, signals, { iterations: 30, batchSize: 5, store });
    expect(again).toEqual(whole);
    const others = {
      data: signals.data.map((value, at) => (at === 0 ? value + 1 : value)),
      shape: signals.shape,
    };
    await optimalCodes(iteration, others, { iterations: 30, batchSize: 5, store });
    expect(await files()).toBe(6);
    await optimalCodes(iteration, signals, { iterations: 31, batchSize: 5, store });
    await optimalCodes(salsa(problem, { penalty: 3 }), signals, { iterations: 30, batchSize: 5, store });
    const heavier = sourceProblem(sources.map(({ atoms, weight }) => ({ atoms, weight: 2 * weight })));
    await optimalCodes(salsa(heavier, { penalty: 2 }), signals, { iterations: 30, batchSize: 5, store });
    const other = sourceProblem([{ atoms: drawAtoms(12, 17, 99), weight: 0.1 }]);
    await optimalCodes(salsa(other, { penalty: 2 }), signals, { iterations: 30, batchSize: 5, store });
    expect(await files()).toBe(26);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each([
  ['no signals', { data: new Float32Array(0), shape: [0, 12] }, 'signals.shape[0]'],
  ['signals of another size', { data: new Float32Array(10), shape: [1, 10] }, 'signalShape'],
  ['numbers that do not fit the shape', { data: new Float32Array(10), shape: [1, 12] }, 'signals.data'],
  [
    'a NaN',
    { data: new Float32Array(12).fill(Number.NaN), shape: [1, 12] },
    'signals: expected finite numbers',
  ],
])('refuses %s', async (_, wrong, message) => {
  await expect(optimalCodes(fista(problem), wrong, { iterations: 3 })).rejects.toThrow(message);
});

test('refuses other contents in the store, and options that are wrong', async () => {
  const store = (): CheckpointStore => ({
    read: async () => new Uint8Array(4),
    write: async () => undefined,
  });
  await expect(optimalCodes(fista(problem), signals, { iterations: 3, store })).rejects.toMatchObject({
    code: 'INVALID_FILE',
  });
  await expect(optimalCodes(fista(problem), signals, { iterations: 0 })).rejects.toThrow('iterations');
  await expect(optimalCodes(fista(problem), signals, { iteration: 3 } as never)).rejects.toThrow(
    'unknown option',
  );
});

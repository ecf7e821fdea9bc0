import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { isUnrolledError, random } from '@unrolled/contracts';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  adam,
  lasso,
  loadNetwork,
  memoryStore,
  minibatches,
  networkArrays,
  reconstruction,
  type Stage,
  saveNetwork,
  sgd,
  type TrainingEvent,
  train,
} from '../src/index.ts';
import { fileStore } from '../src/node/index.ts';
import { buildTraining } from './programs/build.ts';
import { bits, collect, makeExamples, makeNetwork, makeOptions } from './toy.ts';

beforeAll(() => useBackend('wasm'));

let before = 0;
beforeEach(() => {
  before = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(before));

describe('train', () => {
  it('lowers the loss, keeps the constraints and leaves nothing behind', async () => {
    const network = await makeNetwork();
    const examples = makeExamples();
    const held = tf.memory().numTensors;
    const events = await collect(train(network, examples, makeOptions({ epochs: 6 })));
    expect(tf.memory().numTensors).toBe(held);
    const epochs = events.filter((event) => event.type === 'epoch');
    expect(epochs).toHaveLength(6);
    expect(epochs[5]!.losses['filters']!).toBeLessThan(0.8 * epochs[0]!.losses['filters']!);
    expect(events.at(-1)).toEqual({ type: 'end', reason: 'epochs', epoch: 6, step: 24 });
    const norms = tf.tidy(() =>
      tf.norm(network.variables['operator.filters']!, 'euclidean', [0, 1]).dataSync(),
    );
    for (const norm of norms) expect(norm).toBeCloseTo(1, 5);
    tf.dispose(examples);
    network.dispose();
  });

  it('gives the same bits for a seed, from a tensor or from the host; others for another', async () => {
    const results = [];
    const examples = makeExamples();
    const onHost = { data: Float32Array.from(examples.dataSync()), shape: examples.shape };
    for (const [input, seed] of [
      [examples, 3],
      [onHost, 3],
      [examples, 4],
    ] as const) {
      const network = await makeNetwork();
      await collect(train(network, input, makeOptions({ epochs: 2, seed })));
      results.push(await bits(network));
      network.dispose();
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).not.toEqual(results[0]);
    examples.dispose();
  });

  it.each([1, 3, 4, 6])('goes on bit for bit after being left at step %i', async (left) => {
    const examples = makeExamples();
    const whole = await makeNetwork();
    const expected = await collect(train(whole, examples, makeOptions({ epochs: 2 })));
    const store = memoryStore();
    const options = () => makeOptions({ epochs: 2, checkpoint: { store, everySteps: 1 } });
    const first = await makeNetwork();
    for await (const event of train(first, examples, options()))
      if (event.type === 'step' && event.step === left) break;
    const second = await makeNetwork();
    const rest = await collect(train(second, examples, options()));
    expect(await bits(second)).toEqual(await bits(whole));
    const losses = (events: TrainingEvent[]) =>
      events.flatMap((event) => (event.type === 'epoch' ? [event.losses] : []));
    expect(losses(rest).at(-1)).toEqual(losses(expected).at(-1));
    for (const network of [whole, first, second]) network.dispose();
    examples.dispose();
  });

  it('resumes bit for bit after SIGKILL, wherever it falls', async () => {
    const examples = makeExamples();
    const whole = await makeNetwork();
    await collect(train(whole, examples, makeOptions({ epochs: 3 })));
    const folder = await mkdtemp(join(tmpdir(), 'unrolled-resume-'));
    try {
      const path = join(folder, 'run.safetensors');
      const program = await buildTraining('training');
      for (const kill of [2, 3, 5]) await runUntilKilled(program, path, kill);
      const network = await makeNetwork();
      const store = fileStore(path);
      expect(await store.read()).toBeDefined();
      const events = await collect(
        train(network, examples, makeOptions({ epochs: 3, checkpoint: { store, everySteps: 1 } })),
      );
      // Ten steps were made by the processes that died: two are left of twelve.
      expect(events.filter(({ type }) => type === 'step').length).toBeLessThanOrEqual(4);
      expect(await bits(network)).toEqual(await bits(whole));
      network.dispose();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    whole.dispose();
    examples.dispose();
  });

  it('stops early, with the best parameters', async () => {
    const network = await makeNetwork();
    const examples = makeExamples();
    const seen: { loss: number; filters: number[] }[] = [];
    // A loss that gets worse after the second epoch, whatever the network does.
    let epoch = 0;
    const events = await collect(
      train(network, examples, {
        ...makeOptions({ epochs: 10 }),
        patience: 2,
        validation: (current) => {
          const loss = Math.abs(++epoch - 2);
          seen.push({ loss, filters: Array.from(current.variables['operator.filters']!.dataSync()) });
          return tf.scalar(loss);
        },
      }),
    );
    expect(seen.map(({ loss }) => loss)).toEqual([1, 0, 1, 2]);
    expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'early stopping', epoch: 4 });
    expect(Array.from(network.variables['operator.filters']!.dataSync())).toEqual(seen[1]!.filters);
    network.dispose();
    examples.dispose();
  });

  it('stops where the loss is not finite, with the parameters of the last good update', async () => {
    const network = await makeNetwork();
    const examples = makeExamples();
    const start = await bits(network);
    const broken: Stage = {
      name: 'broken',
      train: ['operator.filters'],
      loss: (current, batch) => tf.div(reconstruction()(current, batch), 0),
      optimizer: sgd({ rate: 0.1 }),
    };
    const call = collect(train(network, examples, { stages: [broken], epochs: 1, batchSize: 8 }));
    await expect(call).rejects.toThrow('stage broken: the loss is Infinity');
    expect(await bits(network)).toEqual(start);
    network.dispose();
    examples.dispose();
  });

  it('can be aborted, and goes on from the checkpoint', async () => {
    const examples = makeExamples();
    const stop = new AbortController();
    const store = memoryStore();
    const network = await makeNetwork();
    const steps: number[] = [];
    try {
      for await (const event of train(
        network,
        examples,
        makeOptions({ epochs: 1, signal: stop.signal, checkpoint: { store } }),
      )) {
        if (event.type === 'step') steps.push(event.step);
        if (steps.length === 2) stop.abort();
      }
      expect.unreachable();
    } catch (error) {
      expect(isUnrolledError(error, 'ABORTED')).toBe(true);
    }
    const again = await makeNetwork();
    for await (const event of train(again, examples, makeOptions({ epochs: 1, checkpoint: { store } })))
      if (event.type === 'step') steps.push(event.step);
    expect(steps).toEqual([1, 2, 3, 4]);
    const whole = await makeNetwork();
    await collect(train(whole, examples, makeOptions({ epochs: 1 })));
    expect(await bits(again)).toEqual(await bits(whole));
    for (const each of [network, again, whole]) each.dispose();
    examples.dispose();
  });

  it('refuses what it cannot do, before any work', async () => {
    const network = await makeNetwork();
    const examples = makeExamples();
    const options = makeOptions({ epochs: 1 });
    const stage = options.stages[0]!;
    const cases: [unknown, unknown, string][] = [
      [examples, { ...options, epochs: 0 }, 'epochs'],
      [examples, { ...options, stages: [] }, 'stages'],
      [examples, { ...options, stages: [stage, stage] }, 'different names'],
      [examples, { ...options, stages: [{ ...stage, train: ['prior.weight'] }] }, 'stages.filters.train'],
      [examples, { ...options, stages: [{ ...stage, train: [] }] }, 'at least one parameter'],
      [examples, { ...options, pateince: 3 }, 'unknown option "pateince"'],
      [examples, { ...options, patience: 3 }, 'validation'],
      [examples, { ...options, batchSize: 0 }, 'batchSize'],
      [{ data: new Float32Array([1, Number.NaN]), shape: [2, 1] }, options, 'index 1'],
      [{ data: new Float32Array(3), shape: [2, 2] }, options, 'examples'],
      [{ data: new Float32Array(0), shape: [0, 2] }, options, 'at least one'],
    ];
    for (const [input, given, message] of cases) {
      await expect(collect(train(network, input as never, given as never))).rejects.toThrow(message);
    }
    network.dispose();
    examples.dispose();
  });

  it('refuses a checkpoint of another run', async () => {
    const network = await makeNetwork();
    const examples = makeExamples();
    const store = memoryStore();
    await collect(train(network, examples, makeOptions({ epochs: 1, checkpoint: { store } })));
    await expect(
      collect(train(network, examples, makeOptions({ epochs: 2, seed: 9, checkpoint: { store } }))),
    ).rejects.toThrow('seed 0');
    await store.write(await saveNetwork(network));
    await expect(
      collect(train(network, examples, makeOptions({ epochs: 2, checkpoint: { store } }))),
    ).rejects.toThrow('format');
    network.dispose();
    examples.dispose();
  });
});

/** Trains in another process, which is killed right after its checkpoint of step `kill`. */
async function runUntilKilled(program: string, path: string, kill: number): Promise<void> {
  const child = spawn(process.execPath, [program, path, '3', String(kill)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const signal = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (_, by) => resolve(by));
  });
  expect(signal).toBe('SIGKILL');
}

describe('optimisers', () => {
  it('adam follows its recursion in float64', async () => {
    const variable = tf.tidy(() => tf.variable(tf.tensor1d([1, -2])));
    const run = adam({ rate: 0.1, epsilon: 1e-3 }).begin([variable]);
    const draw = random(1);
    const value = [1, -2];
    const m = [0, 0];
    const v = [0, 0];
    for (let t = 1; t <= 20; t++) {
      const gradient = Float32Array.from([draw.normal(), draw.normal()]);
      const g = tf.tensor1d(gradient);
      run.apply([g]);
      g.dispose();
      for (const i of [0, 1]) {
        m[i] = 0.9 * m[i]! + 0.1 * gradient[i]!;
        v[i] = 0.999 * v[i]! + 0.001 * gradient[i]! ** 2;
        value[i]! -= (0.1 * (m[i]! / (1 - 0.9 ** t))) / (Math.sqrt(v[i]! / (1 - 0.999 ** t)) + 1e-3);
      }
    }
    // Twenty float32 updates of size 0.1: a few ulps of 1 each.
    for (const [i, found] of variable.dataSync().entries())
      expect(Math.abs(found - value[i]!)).toBeLessThan(1e-5);
    run.dispose();
    variable.dispose();
  });

  it('sgd with momentum, schedules, and null gradients', () => {
    const [a, b] = tf.tidy(() => [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(1))]);
    const run = sgd({ rate: (t) => 0.1 / t, momentum: 0.5 }).begin([a, b]);
    const one = tf.scalar(1);
    run.apply([one, null]);
    run.apply([one, null]);
    expect(a.dataSync()[0]).toBeCloseTo(1 - 0.1 - 0.05 * 1.5, 6);
    expect(b.dataSync()[0]).toBe(1);
    expect(run.steps).toBe(2);
    run.dispose();
    tf.dispose([one, a, b]);
  });

  it.each([
    ['rate', () => adam({ rate: 0 })],
    ['rate', () => sgd({ rate: Number.NaN })],
    ['beta1', () => adam({ rate: 1, beta1: 1 })],
    ['epsilon', () => adam({ rate: 1, epsilon: -1 })],
    ['momentum', () => sgd({ rate: 1, momentum: 2 })],
    ['learningRate', () => adam({ rate: 1, learningRate: 3 } as never)],
  ])('refuses a wrong %s', (name, call) => {
    expect(call).toThrow(name);
  });
});

describe('saving', () => {
  it('loads what was saved, bit for bit, and refuses what does not fit', async () => {
    const network = await makeNetwork();
    const other = await makeNetwork(5);
    const bytes = await saveNetwork(network, { model: 'toy' });
    expect(await bits(other)).not.toEqual(await bits(network));
    expect(loadNetwork(other, bytes)).toEqual({ model: 'toy' });
    expect(await bits(other)).toEqual(await bits(network));
    const arrays = await networkArrays(network);
    const { step, ...rest } = arrays;
    expect(() => loadNetwork(other, rest)).toThrow('missing step');
    expect(() => loadNetwork(other, { ...arrays, extra: step! })).toThrow('unknown extra');
    expect(() => loadNetwork(other, { ...arrays, 'prior.weight': arrays['operator.filters']! })).toThrow(
      'prior.weight: expected shape',
    );
    expect(() => loadNetwork(other, bytes.subarray(0, 50))).toThrow('truncated');
    network.dispose();
    other.dispose();
  });

  it('writes a checkpoint whole or not at all', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'unrolled-store-'));
    const path = join(folder, 'a.bin');
    const store = fileStore(path);
    expect(await store.read()).toBeUndefined();
    await store.write(Uint8Array.of(1, 2));
    await store.write(Uint8Array.of(3));
    expect([...(await readFile(path))]).toEqual([3]);
    await writeFile(join(folder, 'file'), '');
    await expect(fileStore(join(folder, 'file', 'b')).write(Uint8Array.of(1))).rejects.toThrow();
    await rm(folder, { recursive: true });
  });
});

describe('losses', () => {
  it('lasso is reconstruction plus the prior', async () => {
    const network = await makeNetwork();
    const examples = makeExamples();
    const found = tf.tidy(() =>
      [reconstruction()(network, examples), lasso()(network, examples)].map((loss) => loss.dataSync()[0]!),
    );
    const prior = tf.tidy(
      () => tf.mean(tf.mul(0.05, tf.sum(tf.abs(network.encode(examples)), [1, 2]))).dataSync()[0]!,
    );
    expect(found[1]! - found[0]!).toBeCloseTo(prior, 4);
    network.dispose();
    examples.dispose();
  });

  it('minibatches go through every example once', async () => {
    const examples = tf.tensor2d([[0], [1], [2], [3], [4]]);
    const seen: number[] = [];
    for await (const batch of minibatches(examples, 2).epoch(random(1))) {
      seen.push(...(batch as tf.Tensor).dataSync());
      tf.dispose(batch);
    }
    expect(seen).not.toEqual([0, 1, 2, 3, 4]);
    expect(seen.sort()).toEqual([0, 1, 2, 3, 4]);
    examples.dispose();
  });
});

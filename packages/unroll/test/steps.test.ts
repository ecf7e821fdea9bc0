import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import type { Network } from '@unrolled/contracts';
import { describe, expect, test } from 'vitest';
import { type BatchSource, memoryStore, reconstruction, type Stage, sgd, train } from '../src/index.ts';
import { fileStore } from '../src/node/index.ts';
import { buildTraining } from './programs/build.ts';
import { bits, collect, makeExamples, makeNetwork, makeOptions } from './toy.ts';

await useBackend('wasm');

const filters = (network: Network) => network.variables['operator.filters']!;
const descend: Stage = {
  name: 'filters',
  train: ['operator.filters'],
  loss: reconstruction(),
  optimizer: sgd({ rate: 0.01 }),
};

describe('a step', () => {
  test('runs its stages in order, each on what the last one left', async () => {
    const network = await makeNetwork();
    const seen: string[] = [];
    const look = (name: string): Stage => ({
      name,
      update: async ({ network: now, batch, epoch, step }) => {
        seen.push(`${name} ${epoch} ${step} ${batch.shape[0]} ${(await filters(now).data())[0]!.toFixed(6)}`);
        return undefined;
      },
    });
    await collect(
      train(network, makeExamples(), makeOptions({ epochs: 1, stages: [look('a'), descend, look('b')] })),
    );
    expect(seen).toHaveLength(8);
    // b of one step sees what a of the next one sees.
    for (let step = 1; step < 4; step++)
      expect(seen[2 * step]!.slice(-8)).toBe(seen[2 * step - 1]!.slice(-8));
    expect(seen[0]).toMatch(/^a 1 1 8/);
    expect(seen[7]).toMatch(/^b 1 4 8/);
  });

  test('is undone as a whole where a later stage fails or makes a parameter infinite', async () => {
    const fail: [Stage, string][] = [
      [
        {
          name: 'fails',
          update: () => {
            throw new Error('the stage fails');
          },
        },
        'the stage fails',
      ],
      [
        {
          name: 'explodes',
          update: ({ network }) => {
            tf.tidy(() => network.variables['prior.weight']!.assign(tf.scalar(Number.POSITIVE_INFINITY)));
            return undefined;
          },
        },
        'prior.weight is not finite after an update',
      ],
    ];
    for (const [stage, message] of fail) {
      const network = await makeNetwork();
      const start = await bits(network);
      const examples = makeExamples();
      const held = tf.memory().numTensors;
      const call = collect(train(network, examples, makeOptions({ epochs: 1, stages: [descend, stage] })));
      await expect(call).rejects.toThrow(message);
      expect(await bits(network)).toEqual(start);
      expect(tf.memory().numTensors).toBe(held);
    }
  });

  test('tells the summary that it is asked for', async () => {
    const network = await makeNetwork();
    const summary = async (now: Network) => ({ weight: (await now.variables['prior.weight']!.data())[0]! });
    const events = await collect(train(network, makeExamples(), makeOptions({ epochs: 1, summary })));
    for (const event of events) {
      expect(Object.isFrozen(event)).toBe(true);
      if (event.type !== 'end') expect(event.summary).toEqual({ weight: Math.fround(0.05) });
      if (event.type === 'step') expect(event.examplesPerSecond).toBeGreaterThan(0);
    }
  });
});

describe('examples', () => {
  test('one tensor, a list of them and an array on the host give the same training', async () => {
    const together = makeExamples();
    const inputs = [
      together,
      tf.unstack(together),
      { data: (await together.data()) as Float32Array, shape: together.shape },
    ];
    const results = [];
    for (const examples of inputs) {
      const network = await makeNetwork();
      await collect(train(network, examples, makeOptions({ epochs: 1 })));
      results.push(await bits(network));
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  test('of a list have one shape', async () => {
    const network = await makeNetwork();
    const call = collect(train(network, [tf.zeros([40, 1]), tf.zeros([41, 1])], makeOptions({ epochs: 1 })));
    await expect(call).rejects.toThrow('examples[1]: expected an example like the first');
    await expect(collect(train(network, [], makeOptions({ epochs: 1 })))).rejects.toThrow('at least one');
  });

  test('of an asynchronous source are drawn again on resuming, and disposed of', async () => {
    const all = makeExamples();
    const source: BatchSource = {
      async *epoch(random) {
        for (let batch = 0; batch < 5; batch++) {
          await null;
          yield tf.slice(all, [random.integer(28), 0, 0], [4, 40, 1]);
        }
      },
    };
    const whole = await makeNetwork();
    await collect(train(whole, source, makeOptions({ epochs: 2 })));
    const store = memoryStore();
    const [first, second] = [await makeNetwork(), await makeNetwork()];
    const options = () => makeOptions({ epochs: 2, checkpoint: { store, everySteps: 1 } });
    const held = tf.memory().numTensors;
    for await (const event of train(first, source, options()))
      if (event.type === 'step' && event.step === 3) break;
    await collect(train(second, source, options()));
    expect(tf.memory().numTensors).toBe(held);
    expect(await bits(second)).toEqual(await bits(whole));

    const nothing: BatchSource = { epoch: () => [] };
    await expect(collect(train(second, nothing, makeOptions({ epochs: 1 })))).rejects.toThrow(
      'at least one batch',
    );
  });

  test('in batches of another size are not those of the checkpoint', async () => {
    const network = await makeNetwork();
    const store = memoryStore();
    await collect(train(network, makeExamples(), makeOptions({ epochs: 1, checkpoint: { store } })));
    const other = makeOptions({ epochs: 2, batchSize: 16, checkpoint: { store } });
    await expect(collect(train(network, makeExamples(), other))).rejects.toThrow(
      'checkpoint: it was made with 4 batches an epoch, this run has 2 batches an epoch',
    );
  });
});

test('killed from outside at any moment, writes included, training goes on bit for bit', async () => {
  const whole = await makeNetwork();
  await collect(train(whole, makeExamples(), makeOptions({ epochs: 12 })));
  const folder = await mkdtemp(join(tmpdir(), 'unrolled-killed-'));
  try {
    const path = join(folder, 'run.safetensors');
    const program = await buildTraining('steps');
    // The moments are as random as the machine is; whatever they are, the bits have to be the same.
    for (const milliseconds of [3, 31]) await killAfter(program, path, milliseconds);
    const store = fileStore(path);
    const network = await makeNetwork();
    const events = await collect(
      train(network, makeExamples(), makeOptions({ epochs: 12, checkpoint: { store, everySteps: 1 } })),
    );
    const [first] = events;
    expect(first?.type === 'end' || first!.step > 1).toBe(true);
    expect(await bits(network)).toEqual(await bits(whole));
    // What a killed process left half-written has been overwritten.
    expect(await readdir(folder)).toEqual(['run.safetensors']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** Starts a training process and kills it so many milliseconds after it tells of its first step. */
function killAfter(program: string, path: string, milliseconds: number): Promise<void> {
  const child = spawn(process.execPath, [program, path, '12'], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), milliseconds));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => resolve());
  });
}

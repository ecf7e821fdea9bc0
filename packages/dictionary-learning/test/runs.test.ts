import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import type { CheckpointStore } from '@unrolled/contracts';
import { ndArray } from '@unrolled/formats';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type DictionaryEvent,
  type DictionaryLearningOptions,
  dictionaryLearning,
  learnDictionary,
  online,
  projectedGradient,
  recentExamples,
} from '../src/index.ts';
import { planted } from './planted.ts';

beforeAll(() => useBackend('cpu'));

const { data } = planted({ examples: 50, features: 6, atoms: 7, sparsity: 2 });
const options: DictionaryLearningOptions = {
  atoms: 7,
  weight: 0.1,
  batchSize: 16,
  epochs: 3,
  seed: 4,
  // What is tested here is not how exact codes are.
  codes: { tolerance: 1e-2 },
};

function memory(): CheckpointStore & { bytes: Uint8Array | undefined } {
  const store: CheckpointStore & { bytes: Uint8Array | undefined } = {
    bytes: undefined,
    read: async () => store.bytes,
    write: async (checkpoint) => {
      store.bytes = checkpoint.slice();
    },
  };
  return store;
}

const updates = [
  ['online', online()],
  ['projected gradient', projectedGradient({ rate: 1 })],
] as const;

describe('events', () => {
  it('tell every batch, every epoch and the end', async () => {
    const events: DictionaryEvent[] = [];
    for await (const event of dictionaryLearning(data, options)) events.push(event);
    expect(events.map(({ type }) => type).join(' ')).toBe(`${'step step step step epoch '.repeat(3)}end`);
    const end = events.at(-1)!;
    expect(end).toMatchObject({ type: 'end', reason: 'epochs', epoch: 3, step: 12 });
    // The mean over examples: the last batch of an epoch has two of the fifty.
    const [first] = events.filter((event) => event.type === 'epoch');
    const mean = events
      .slice(0, 4)
      .reduce(
        (sum, event, batch) => sum + (event as { objective: number }).objective * (batch < 3 ? 16 : 2),
        0,
      );
    expect(first!.objective).toBeCloseTo(mean / 50, 12);
    for (const event of events) expect(Object.isFrozen(event)).toBe(true);
  });

  it('are told to who waits for the atoms alone', async () => {
    const told: string[] = [];
    const learned = await learnDictionary(data, { ...options, onProgress: ({ type }) => told.push(type) });
    expect(told.length).toBe(16);
    expect(learned.objectives.length).toBe(3);
    expect(learned.atoms.shape).toEqual([6, 7]);
  });

  it('end early where the objective hardly changes any more', async () => {
    const { reason, objectives } = await learnDictionary(data, { ...options, epochs: 50, tolerance: 0.05 });
    expect(reason).toBe('tolerance');
    expect(Math.abs(objectives.at(-1)! / objectives.at(-2)! - 1)).toBeLessThan(0.05);
    expect(objectives.length).toBeLessThan(50);
  });
});

describe('a run', () => {
  it('is the same for the same seed, and for a tensor and its numbers on the host', async () => {
    const tensor = tf.tensor2d(data.data as Float32Array, [50, 6]);
    const first = await learnDictionary(data, options);
    expect(await learnDictionary(tensor, options)).toEqual(first);
    expect((await learnDictionary(data, { ...options, seed: 5 })).atoms).not.toEqual(first.atoms);
    tensor.dispose();
  });

  it.each(updates)('of %s goes on from a checkpoint bit for bit, wherever it was left', async (_, update) => {
    const whole = await learnDictionary(data, { ...options, update });
    for (const steps of [1, 4, 6]) {
      const store = memory();
      const resumable = { ...options, update, checkpoint: { store, everySteps: 1 } };
      for await (const event of dictionaryLearning(data, resumable)) {
        if (event.type === 'step' && event.step === steps) break;
      }
      const resumed = await learnDictionary(data, resumable);
      expect(resumed.atoms, `left after ${steps} batches`).toEqual(whole.atoms);
      // The whole of the epoch that was left in the middle is told, its first part out of the checkpoint.
      expect(resumed.objectives).toEqual(whole.objectives.slice(-resumed.objectives.length));
    }
  });

  it('that is aborted throws ABORTED, leaves a checkpoint, and goes on from it', async () => {
    const whole = await learnDictionary(data, options);
    const store = memory();
    const abort = new AbortController();
    const onProgress = (event: DictionaryEvent) => {
      if (event.type === 'step' && event.step === 6) abort.abort('enough');
    };
    const checkpoint = { store };
    const aborted = learnDictionary(data, { ...options, checkpoint, signal: abort.signal, onProgress });
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' });
    expect(store.bytes).toBeDefined();
    const steps: number[] = [];
    const resumed = await learnDictionary(data, {
      ...options,
      checkpoint,
      onProgress: (event) => event.type === 'step' && steps.push(event.step),
    });
    expect(steps[0]).toBe(7);
    expect(resumed.atoms).toEqual(whole.atoms);
  });

  it('leaves no tensor behind, however it ends', async () => {
    const before = tf.memory().numTensors;
    await learnDictionary(data, options);
    for await (const event of dictionaryLearning(data, options)) if (event.type === 'epoch') break;
    const signal = AbortSignal.abort();
    await expect(learnDictionary(data, { ...options, signal })).rejects.toMatchObject({ code: 'ABORTED' });
    const other = { read: async () => Uint8Array.of(1, 2, 3), write: async () => {} };
    await expect(learnDictionary(data, { ...options, checkpoint: { store: other } })).rejects.toThrow();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a checkpoint of another run is refused', () => {
  it.each<[Partial<DictionaryLearningOptions>, RegExp]>([
    [{ seed: 9 }, /seed 4, this run has 9/],
    [{ batchSize: 10 }, /batchSize 16, this run has 10/],
    [{ atoms: 8, batchSize: 16 }, /atoms 42 numbers of float64, this run has 48/],
    [{ update: projectedGradient({ rate: 1 }) }, /update online, this run has projected gradient/],
  ])('%o', async (change, message) => {
    const store = memory();
    await learnDictionary(data, { ...options, checkpoint: { store } });
    const before = store.bytes;
    const other = learnDictionary(data, { ...options, ...change, checkpoint: { store } });
    await expect(other).rejects.toThrow(message);
    expect(store.bytes).toBe(before);
  });
});

describe('atoms that no example uses', () => {
  // Two atoms for what lies along the first axis: one of them, orthogonal to everything, is never used.
  const line = {
    data: Float32Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 1 + index : 0)),
    shape: [20, 2],
  };
  const initial = { data: Float64Array.of(1, 0, 0, 1), shape: [2, 2] };
  const start = { atoms: 2, weight: 0.1, initial, epochs: 1, batchSize: 20 };

  it('are seeded anew online, from an example', async () => {
    const seeded: number[] = [];
    const { atoms } = await learnDictionary(line, {
      ...start,
      onProgress: (event) => event.type === 'step' && seeded.push(event.seeded),
    });
    expect(seeded).toEqual([1]);
    // Along the examples, but for noise of a hundredth of their deviation.
    expect(Math.abs(atoms.data[1]!)).toBeGreaterThan(0.99);
  });

  it('stay as they are under projected gradient', async () => {
    const update = projectedGradient({ rate: 0.001 });
    const { atoms } = await learnDictionary(line, { ...start, update });
    expect([atoms.data[1], atoms.data[3]]).toEqual([0, 1]);
  });

  it('are not missed where all examples are zero', async () => {
    const zero = { data: new Float32Array(20), shape: [10, 2] };
    const { atoms, objectives } = await learnDictionary(zero, { atoms: 3, weight: 0.1, epochs: 2 });
    expect(objectives).toEqual([0, 0]);
    expect(atoms.data.every(Number.isFinite)).toBe(true);
  });
});

describe('what is refused', () => {
  const good = { atoms: 3, weight: 0.1 };
  it.each<[object, RegExp]>([
    [{ weight: 0.1 }, /atoms/],
    [{ atoms: 0, weight: 1 }, /atoms: expected a whole number ≥ 1/],
    [{ atoms: 3 }, /weight: expected a weight of the ℓ1 prior, or a prior/],
    [{ ...good, prior: {} }, /weight: .*not both/],
    [{ atoms: 3, prior: {} }, /prior: expected a prior/],
    [{ ...good, weight: -1 }, /weight/],
    [{ ...good, weight: Number.NaN }, /weight/],
    [{ ...good, update: 'online' }, /update: expected an update, such as online/],
    [{ ...good, constraint: 'cube' }, /constraint: expected one of ball, sphere/],
    [{ ...good, batchSize: 0 }, /batchSize/],
    [{ ...good, epochs: 1.5 }, /epochs/],
    [{ ...good, tolerance: -1 }, /tolerance/],
    [{ ...good, shuffle: 'yes' }, /shuffle/],
    [{ ...good, seed: -1 }, /seed/],
    [{ ...good, codes: { tolerance: 0 } }, /codes\.tolerance/],
    [{ ...good, codes: { steps: 3 } }, /codes: unknown option "steps"/],
    [{ ...good, checkpoint: { store: {} } }, /checkpoint\.store/],
    [{ ...good, signals: 1 }, /unknown option "signals"/],
    [{ ...good, initial: { data: new Float32Array(6), shape: [2, 3] } }, /initial.*\[6, 3\]/],
    [{ ...good, initial: { data: new Float32Array(18), shape: [6, 3] } }, /initial.*atom 0 is zero/],
    [{ ...good, update: online({ forgetting: () => 2 }) }, /forgetting: expected a number in \[0, 1\]/],
  ])('%o', async (wrong, message) => {
    await expect(learnDictionary(data, wrong as DictionaryLearningOptions)).rejects.toThrow(message);
  });

  it.each<[unknown, RegExp]>([
    [undefined, /data/],
    [ndArray(new Float32Array(0), [0, 4]), /at least one example/],
    [{ data: new Float32Array(5), shape: [2, 3] }, /data.*numbers for its shape.*\[6\].*\[5\]/],
    [
      { data: Float32Array.of(1, Number.NaN), shape: [1, 2] },
      /data: expected finite numbers, got NaN at index 1/,
    ],
    [{ data: new Float32Array(8), shape: [2, 2, 2] }, /examples \[examples, features\]/],
  ])('data that are none: %o', async (wrong, message) => {
    await expect(learnDictionary(wrong as typeof data, good)).rejects.toThrow(message);
  });

  it('rates and options of updates', () => {
    expect(() => projectedGradient({ rate: 0 })).toThrow(/rate/);
    expect(() => projectedGradient({ rate: 1, momentum: 1 } as { rate: number })).toThrow(/"momentum"/);
    expect(() => online({ forgetting: 0.5 as never })).toThrow(/forgetting/);
    expect(() => recentExamples({ perAtom: 0 })).toThrow(/perAtom/);
    expect(() => recentExamples({ part: 1 } as object)).toThrow(/"part"/);
  });
});

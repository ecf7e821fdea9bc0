import { useBackend } from '@unrolled/backend';
import { type Recording, recordingFromArray, simulateSpikes } from '@unrolled/data';
import { type Executor, inProcess } from '@unrolled/parallel';
import { workerThreads } from '@unrolled/parallel/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  byPursuit,
  type FinderName,
  finderNames,
  type Learned,
  learnTemplates,
  sortRecording,
} from '../src/index.ts';

// Workers run what was built: `pnpm test` builds first.
const executors: readonly (readonly [string, Executor])[] = [
  ['one worker', workerThreads({ threads: 1 })],
  ['three workers', workerThreads({ threads: 3 })],
];

/** A short window: 18 samples a template, so that every spike is within the margin of several seams. */
const WINDOW = 401;

let recording: Recording;
let learned: Learned;

beforeAll(async () => {
  await useBackend('wasm');
  const calm = simulateSpikes({ duration: 4, channels: 2, firingRate: 20, seed: 4 });
  learned = await learnTemplates(calm.recording, { epochs: 0, layers: 10 });
  // The same neurons, bursting: more than half of all spikes overlap another, and chains of them lie across every seam.
  const { templates } = calm;
  recording = simulateSpikes({ templates, duration: 1.2, firingRate: 120, seed: 5 }).recording;
});
afterAll(() => Promise.all(executors.map(([, executor]) => executor.close())));

describe.each([...finderNames])('%s', (find: FinderName) => {
  test('gives the same spikes, spike by spike and bit for bit, for any number of workers', async () => {
    const alone = await sortRecording(recording, learned, { find, window: WINDOW });
    expect(alone.times.length).toBeGreaterThan(200);
    for (const [name, executor] of executors) {
      expect([name, await sortRecording(recording, learned, { find, window: WINDOW, executor })]).toEqual([
        name,
        alone,
      ]);
    }
  });

  test('gives the same spikes for any windows, on workers', async () => {
    const whole = await sortRecording(recording, learned, { find, window: recording.samples });
    const executor = executors[1]![1];
    for (const window of [WINDOW, 1000, 7001]) {
      const pieces = await sortRecording(recording, learned, { find, window, executor });
      expect(pieces.times).toEqual(whole.times);
      expect(pieces.units).toEqual(whole.units);
      pieces.amplitudes.forEach((amplitude, spike) => {
        // A refit goes along chains of overlapping spikes, which a window cuts off after 32 templates; and float32 rounds.
        expect(Math.abs(amplitude - whole.amplitudes[spike]!)).toBeLessThan(1e-4);
      });
    }
  });
});

test('the reconstruction comes in order, and is that of one thread', async () => {
  const collect = async (executor: Executor) => {
    const parts: [number, Float32Array][] = [];
    await sortRecording(recording, learned, {
      window: WINDOW,
      executor,
      onDenoised: (start, values) => void parts.push([start, values]),
    });
    return parts;
  };
  expect(await collect(executors[1]![1])).toEqual(await collect(inProcess()));
});

test('a recording keeps its own memory', async () => {
  const all = await recording.read(0, recording.samples);
  // One that does not copy what it gives, against the rules: a view of its own buffer, and a shared one.
  const shared = new Float32Array(new SharedArrayBuffer(all.byteLength));
  shared.set(all);
  const { executor } = { executor: executors[1]![1] };
  const expected = await sortRecording(recording, learned, { window: WINDOW });
  for (const own of [all, shared]) {
    const read = async (start: number, end: number) => own.subarray(2 * start, 2 * end);
    const lending = { ...recordingFromArray(all, { rate: 10_000, channels: 2 }), read };
    expect(await sortRecording(lending, learned, { window: WINDOW, executor })).toEqual(expected);
    expect(own.length).toBe(2 * recording.samples);
  }
});

test('memory does not grow with the length: windows are read as they are sorted', async () => {
  const executor = executors[1]![1];
  let read = 0;
  let sorted = 0;
  let most = 0;
  const counting: Recording = {
    ...recording,
    read: (start, end) => {
      most = Math.max(most, ++read - sorted);
      return recording.read(start, end);
    },
  };
  await sortRecording(counting, learned, {
    window: WINDOW,
    executor,
    onProgress: () => void sorted++,
  });
  expect(sorted).toBe(Math.ceil(recording.samples / WINDOW));
  // Twice as many as there are workers, and the one that is being read.
  expect(most).toBeLessThanOrEqual(7);
});

test('stops when told to', async () => {
  const controller = new AbortController();
  const stopped = sortRecording(recording, learned, {
    window: WINDOW,
    executor: executors[1]![1],
    signal: controller.signal,
    onProgress: ({ done }) => done > 5 * WINDOW && controller.abort(),
  });
  await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
});

test('refuses a finder that it does not know, and one that cannot leave this thread', async () => {
  const [, executor] = executors[0]!;
  await expect(sortRecording(recording, learned, { find: 'magic' as FinderName })).rejects.toThrow(
    /options.find: expected one of pursuit, network, code/,
  );
  const own: typeof byPursuit = (...given) => byPursuit(...given);
  expect(await sortRecording(recording, learned, { find: own })).toEqual(
    await sortRecording(recording, learned),
  );
  await expect(sortRecording(recording, learned, { find: own, executor })).rejects.toThrow(
    /structured clone/,
  );
});

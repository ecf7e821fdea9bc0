import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { random } from '@unrolled/contracts';
import { recordingFromArray, simulateSpikes } from '@unrolled/data';
import { compareSortings } from '@unrolled/metrics';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  byNetwork,
  detectAndCluster,
  type Learned,
  learnTemplates,
  loadLearned,
  saveLearned,
  sortRecording,
  thresholdSweep,
} from '../src/index.ts';

const { recording, truth } = simulateSpikes({ duration: 12, channels: 2, firingRate: 20, seed: 4 });
let learned: Learned;

beforeAll(async () => {
  await useBackend('wasm');
  learned = await learnTemplates(recording, { epochs: 1, layers: 10 });
});

describe('learnTemplates and sortRecording', () => {
  test('find the neurons of a simulation, and no others', async () => {
    const sorted = await sortRecording(recording, learned);
    expect(learned.statistics).toHaveLength(3);
    for (const { accuracy } of compareSortings(truth, sorted, { tolerance: 5 }))
      expect(accuracy).toBeGreaterThan(0.98);
    expect(Array.from(sorted.times)).toEqual(Array.from(sorted.times).sort((a, b) => a - b));
    expect(sorted.explained).toBeGreaterThan(0.5);
    for (const { refractoryViolations } of learned.statistics)
      expect(refractoryViolations).toBeLessThan(0.02);
  });

  test('a template has the shape and size of its neuron in the units of the recording', async () => {
    const sorted = await sortRecording(recording, learned);
    for (const { sample, channel } of learned.peaks)
      expect(Number.isInteger(sample) && channel < 2).toBe(true);
    const pairs = compareSortings(truth, sorted, { tolerance: 5 });
    for (const { trueUnit, foundUnits } of pairs) {
      const own = truth.amplitudes!.filter((_, i) => truth.units[i] === trueUnit);
      const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
      const [units, time, channels] = learned.templates.shape as [number, number, number];
      expect(foundUnits[0]).toBeLessThan(units);
      const template = learned.templates.data.subarray(
        foundUnits[0]! * time * channels,
        (foundUnits[0]! + 1) * time * channels,
      );
      // The simulation's templates have norm 1; the running mean that is taken off has a part of the spike in it.
      expect(Math.hypot(...template) / mean).toBeCloseTo(1, 0.5);
    }
  });

  test('the code of the network holds the same spikes, whatever the windows, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const sorted = await sortRecording(recording, learned, { find: byNetwork });
    expect(tf.memory().numTensors).toBe(before);
    // Ten layers have not converged, and spikes that collide share their code: fewer than by pursuit, but most.
    for (const { accuracy } of compareSortings(truth, sorted, { tolerance: 5 }))
      expect(accuracy).toBeGreaterThan(0.9);
    // A window is looked at with 32 templates on either side, and ten layers reach 20 of them.
    const pieces = await sortRecording(recording, learned, { find: byNetwork, window: 7001 });
    expect(pieces.times).toEqual(sorted.times);
    expect(pieces.units).toEqual(sorted.units);
  });

  test('windows do not matter: the same spikes, the same amplitudes but for rounding', async () => {
    const whole = await sortRecording(recording, learned);
    const pieces = await sortRecording(recording, learned, { window: 7001 });
    expect(pieces.times).toEqual(whole.times);
    expect(pieces.units).toEqual(whole.units);
    pieces.amplitudes.forEach((amplitude, i) => {
      // Sums of a residual begin elsewhere: float32 rounding.
      expect(Math.abs(amplitude - whole.amplitudes[i]!)).toBeLessThan(1e-4);
    });
  });

  test('the reconstruction comes in order, is whole, and does not depend on windows', async () => {
    const collect = async (window: number) => {
      const parts: Float32Array[] = [];
      let next = 0;
      await sortRecording(recording, learned, {
        window,
        onDenoised: (start, values) => {
          expect(start).toBe(next);
          next += values.length / 2;
          parts.push(values);
        },
      });
      expect(next).toBe(recording.samples);
      return Float32Array.from(parts.flatMap((part) => Array.from(part)));
    };
    const [whole, pieces] = [await collect(recording.samples), await collect(9000)];
    whole.forEach((value, i) => {
      if (Math.abs(value - pieces[i]!) > 1e-3) expect(pieces[i]).toBe(value);
    });
    const raw = await recording.read(0, recording.samples);
    const energy = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0);
    expect(energy(raw.map((value, i) => value - whole[i]!))).toBeLessThan(0.5 * energy(raw));
  });

  test('what is saved sorts as what was learned', async () => {
    const again = loadLearned(saveLearned(learned));
    expect(await sortRecording(recording, again)).toEqual(await sortRecording(recording, learned));
    const { tensors, metadata } = saveLearned(learned);
    expect(() => loadLearned({ tensors, metadata: '{' })).toThrow(/JSON/);
    const { norms: _, ...missing } = tensors;
    expect(() => loadLearned({ tensors: missing, metadata })).toThrow(/expected norms/);
  });

  test('the same seed gives the same, and no tensor stays behind', async () => {
    const before = tf.memory().numTensors;
    const again = await learnTemplates(recording, { epochs: 1, layers: 10 });
    expect(tf.memory().numTensors).toBe(before);
    expect(again).toEqual(learned);
  });

  test('a number of units is what one gets', async () => {
    const two = await learnTemplates(recording, { units: 2, epochs: 0 });
    expect(two.statistics).toHaveLength(2);
  });

  test('a higher threshold finds fewer spikes', async () => {
    const counts: number[] = [];
    for await (const { sorted } of thresholdSweep(recording, learned, [1, 100]))
      counts.push(sorted.times.length);
    expect(counts[1]).toBeLessThan(counts[0]!);
  });

  test('noise has no units, a silent recording neither', async () => {
    const source = random(8);
    const noise = recordingFromArray(
      Float32Array.from({ length: 60_000 }, () => source.normal(5, 20)),
      { rate: 10_000 },
    );
    const none = await learnTemplates(noise);
    expect(none.statistics).toEqual([]);
    expect((await sortRecording(noise, none)).times).toHaveLength(0);
    const silent = recordingFromArray(new Float32Array(20_000), { rate: 10_000, channels: 2 });
    const nothing = await learnTemplates(silent);
    expect(nothing.frontEnd.usedChannels).toEqual([]);
    expect((await sortRecording(silent, nothing)).times).toHaveLength(0);
  });

  test('tells how far it is and stops when told to', async () => {
    const stages = new Set<string>();
    const controller = new AbortController();
    const stopped = learnTemplates(recording, {
      signal: controller.signal,
      onProgress: ({ stage, done, total }) => {
        expect(done).toBeLessThanOrEqual(total);
        stages.add(stage);
        if (stage === 'clustering') controller.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
    expect([...stages]).toEqual(['reading', 'clustering']);
  });

  test('refuses what it cannot work on, naming it', async () => {
    const wrong = (options: object) => learnTemplates(recording, options);
    await expect(wrong({ units: 0 })).rejects.toThrow(/units/);
    await expect(wrong({ units: 'three' })).rejects.toThrow(/units/);
    await expect(wrong({ duration: -1 })).rejects.toThrow(/duration/);
    await expect(wrong({ unit: 3 })).rejects.toMatchObject({ code: 'UNKNOWN_OPTION' });
    await expect(learnTemplates(recordingFromArray(new Float32Array(100)))).rejects.toThrow(/rate/);
    await expect(learnTemplates(recordingFromArray(new Float32Array(10), { rate: 10_000 }))).rejects.toThrow(
      /one template of 30/,
    );
    await expect(sortRecording(recording, learned, { rate: 20_000 })).rejects.toThrow(/10000 Hz/);
    const one = recordingFromArray(new Float32Array(1000), { rate: 10_000 });
    await expect(sortRecording(one, learned)).rejects.toThrow(/expected 2 channels/);
  });

  test('the baseline finds the same deflections', async () => {
    const { times, units } = await detectAndCluster(recording, { units: 3 });
    expect(times.length).toBeGreaterThan(0.6 * truth.times.length);
    expect(Math.max(...units)).toBe(2);
  });
});

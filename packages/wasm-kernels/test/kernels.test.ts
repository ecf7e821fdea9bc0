import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { addressOf, tensorMemory } from '../src/memory/heap.ts';
import { useBackend } from './support/backends.ts';
import { setGuardZones } from './support/guard-zones.ts';
import { trials } from './trials/index.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

describe.each(trials.map((trial) => ({ name: trial.name, trial })))('$name', ({ trial }) => {
  it('is float64 up to rounding, at random sizes, and writes nothing beside its result', () => {
    trial.tryAtRandom();
  });
});

describe('guard zones', () => {
  for (const [where, offset] of [
    ['in front of', -1],
    ['behind', 20],
  ] as const) {
    it(`see a byte written ${where} a tensor`, () => {
      const guards = setGuardZones();
      const tensor = tf.tensor1d([1, 2, 3, 4, 5]);
      const address = addressOf(tensor);
      guards.check();
      const heap = new Uint8Array(tensorMemory().buffer);
      const kept = heap[address + offset]!;
      heap[address + offset] = 0;
      expect(() => guards.check()).toThrow(`${where} a block of 20 bytes`);
      heap[address + offset] = kept;
      guards.check();
      tensor.dispose();
      guards.remove();
    });
  }
});

import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';
import { beforeAll, expect, it } from 'vitest';
import { heapView, tensorMemory } from '../src/memory/heap.ts';
import { useBackend } from './support/backends.ts';
import { setGuardZones } from './support/guard-zones.ts';
import { expectSameBits } from './support/kernel-trial.ts';
import { trials } from './trials/index.ts';

// Ten thousand calls in random order among tensors that come and go: what is alive keeps its values, nothing is left behind,
// and the memory grows in the middle, which leaves every old view behind.

const CALLS = 10_000;

/** A tensor that lives for a while, and what is in it. */
interface Bystander {
  readonly tensor: Tensor;
  readonly values: Float32Array;
}

beforeAll(async () => {
  await useBackend('wasm');
});

it('survives ten thousand calls', () => {
  const generator = random(1);
  const calls = trials.flatMap((trial) => trial.calls(500));
  const guards = setGuardZones();
  const before = tf.memory();
  const bystanders: Bystander[] = [];
  const release = ({ tensor, values }: Bystander): void => {
    expectSameBits('a tensor that lives', heapView(tensor), values);
    tensor.dispose();
  };
  for (let call = 0; call < CALLS; call++) {
    if (generator.uniform() < 0.5) {
      const values = Float32Array.from({ length: generator.integer(200) + 1 }, () => generator.uniform());
      bystanders.push({ tensor: tf.tensor1d(values), values });
    }
    if (bystanders.length > 50) release(bystanders.splice(generator.integer(bystanders.length), 1)[0]!);
    calls[generator.integer(calls.length)]!(generator);
    if (call === CALLS / 2) growMemory();
    if (call % 100 === 0) guards.check();
  }
  for (const bystander of bystanders) release(bystander);
  guards.remove();
  expect(tf.memory().numTensors).toBe(before.numTensors);
  expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  // Ten seconds on an idle core.
}, 240_000);

function growMemory(): void {
  const size = tensorMemory().buffer.byteLength;
  const large = tf.zeros([size / 4]);
  expect(tensorMemory().buffer.byteLength).toBeGreaterThan(size);
  large.dispose();
}

import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { modules } from '#kernels';
import { addressOf, heapView, tensorMemory, withScratch } from '../src/memory/heap.ts';
import { kernelVariant } from '../src/module/kernels.ts';
import { useBackend } from './support/backends.ts';

// What is not public in tfjs-backend-wasm 4.22: a release that moves it fails here first.

beforeAll(async () => {
  await useBackend('wasm');
});

it('finds the memory of the backend, and every tensor in it', () => {
  const tensor = tf.tensor1d([1, 2, 3]);
  expect([...new Float32Array(tensorMemory().buffer, addressOf(tensor), 3)]).toEqual([1, 2, 3]);
  expect(heapView(tensor).buffer).toBe(tensorMemory().buffer);
  tensor.dispose();
});

it('lends scratch that is aligned, its own, and given back also where its user throws', () => {
  const seen: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    expect(() =>
      withScratch(1 << 20, (address) => {
        seen.push(address);
        throw new Error('in use');
      }),
    ).toThrow('in use');
  }
  expect(seen.every((address) => address % 16 === 0)).toBe(true);
  expect(new Set(seen).size).toBe(1);
});

it('lends scratch beyond 2 GiB as well', () => {
  const wasm = (tf.backend() as BackendWasm).wasm as unknown as { _malloc: unknown; _free: unknown };
  const { _malloc, _free } = wasm;
  // What the allocator says of an address there.
  Object.assign(wasm, { _malloc: () => -(2 ** 30), _free: () => {} });
  try {
    expect(withScratch(64, (address) => address)).toBe(3 * 2 ** 30);
  } finally {
    Object.assign(wasm, { _malloc, _free });
  }
});

it('has builds that this engine can tell apart', () => {
  expect(['plain', 'relaxed']).toContain(kernelVariant());
  for (const [variant, encoded] of Object.entries(modules)) {
    if (variant.includes('elaxed') && kernelVariant() === 'plain') continue;
    expect(WebAssembly.validate(Buffer.from(encoded, 'base64'))).toBe(true);
  }
});

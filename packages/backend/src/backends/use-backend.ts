import * as tf from '@tensorflow/tfjs-core';
import { requireOneOf, UnrolledError } from '@unrolled/contracts';
import type { BackendName, BackendProvider, PresentBackend } from './backend.ts';
import { cpu } from './cpu.ts';
import { tensorflow } from './tensorflow.ts';
import { wasm } from './wasm.ts';
import { webgpu } from './webgpu.ts';

/** The backend in use. */
export interface BackendReport {
  readonly name: BackendName;
  /** What computes, for people: "WebAssembly, SIMD, 1 thread". */
  readonly device: string;
  /** True where a GPU is only imitated on the processor. */
  readonly software: boolean;
}

/** Every backend, the fastest first: the order in which `'auto'` looks. */
export const providers: readonly BackendProvider[] = Object.freeze([tensorflow, webgpu, wasm, cpu]);

const names: readonly BackendName[] = providers.map(({ name }) => name);

/**
 * Readies a backend and makes it the one in use.
 *
 * `'auto'` takes `tensorflow` where the user has installed it, else `webgpu` where there is a real graphics card, else `wasm`,
 * else `cpu`. It never takes an imitated graphics card: ask for `'webgpu'` by name to get one.
 *
 * @param name which, by default `'auto'`
 * @returns what is in use now
 * @throws UnrolledError INVALID_ARGUMENT for a name that is none; UNAVAILABLE, with why and what to do, where the backend is
 *   not here or does not start
 *
 * @example
 * const { name, device } = await useBackend('wasm'); // 'wasm', 'WebAssembly, SIMD, 1 thread'
 */
export async function useBackend(name: 'auto' | BackendName = 'auto'): Promise<BackendReport> {
  requireOneOf('name', name, ['auto', ...names]);
  const refusals: string[] = [];
  for (const provider of providers) {
    if (name !== 'auto' && name !== provider.name) continue;
    const found = await provider.find(name === 'auto');
    if (!found.present) {
      refusals.push(`${provider.name}: ${found.reason}. To get it: ${found.remedy}`);
    } else if (name === 'auto' && found.software) {
      refusals.push(`${provider.name}: ${found.device} is not used unasked`);
    } else if (await start(provider.name)) {
      return report(provider.name, found);
    } else {
      refusals.push(`${provider.name}: it is here (${found.device}), but does not start`);
    }
  }
  throw new UnrolledError('UNAVAILABLE', `no backend. ${refusals.join('\n')}`);
}

/** What is in use now. Throws UNAVAILABLE before the first `useBackend`. */
export async function describeBackend(): Promise<BackendReport> {
  const current = tf.getBackend();
  const provider = providers.find(({ name }) => name === current);
  if (!current) throw new UnrolledError('UNAVAILABLE', 'no backend is in use: call useBackend() first');
  const found = await provider?.find();
  if (provider && found?.present) return report(provider.name, found);
  throw new UnrolledError(
    'UNAVAILABLE',
    `the backend in use is "${current}", which this package does not know`,
  );
}

/** Makes a backend that was found the one in use. */
export async function start(name: BackendName): Promise<boolean> {
  const started = await tf.setBackend(name);
  if (started) await tf.ready();
  return started;
}

const report = (name: BackendName, { device, software }: PresentBackend): BackendReport =>
  Object.freeze({ name, device, software });

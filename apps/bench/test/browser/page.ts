import { getThreadsCount, setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { kernelVariant } from '@unrolled/wasm-kernels';
import { trials } from '../../../../packages/wasm-kernels/test/trials/index.ts';
import { checks } from '../../src/backends/checks.ts';
import type { PageReport } from './report.ts';

// Runs in the browser: every check on wasm, then every kernel at random sizes; what came out of it goes to the server.

/** Hides that this browser has relaxed SIMD: then the kernels are those for one that has not. */
function hideRelaxedSimd(): void {
  const validate = WebAssembly.validate as (bytes: Uint8Array) => boolean;
  // f32x4.relaxed_madd, the instruction that is asked for.
  const isRelaxed = (bytes: Uint8Array) => [...bytes].join().includes('253,133,2');
  Object.assign(WebAssembly, { validate: (bytes: Uint8Array) => !isRelaxed(bytes) && validate(bytes) });
}

async function examine(): Promise<PageReport> {
  if (new URLSearchParams(location.search).get('relaxed') === 'false') hideRelaxedSimd();
  setWasmPaths('/');
  // tfjs 4.22 takes one all the same (tensorflow/tfjs 8513): where a release takes two, `useBackend` has to say so.
  setThreadsCount(2);
  const { device } = await useBackend('wasm');
  const before = tf.memory().numTensors;
  const values: { [check: string]: { [name: string]: number[] } } = {};
  for (const { name, run } of checks) {
    const found = await run();
    values[name] = Object.fromEntries(Object.entries(found).map(([key, array]) => [key, [...array]]));
  }
  const broken: string[] = [];
  for (const { name, tryAtRandom } of trials) {
    try {
      tryAtRandom();
    } catch (error) {
      const { message, cause } = error as Error;
      broken.push(`${name}: ${message}\n${(cause as Error | undefined)?.message ?? ''}`);
    }
  }
  return {
    isolated: globalThis.crossOriginIsolated,
    device,
    threads: globalThis.crossOriginIsolated ? getThreadsCount() : 1,
    variant: kernelVariant() ?? 'none',
    leaked: tf.memory().numTensors - before,
    values,
    tried: trials.length,
    broken,
  };
}

const report = await examine().catch((error: unknown) => ({
  error: String((error as Error)?.stack ?? error),
}));
await fetch('/report', { method: 'POST', body: JSON.stringify(report) });

import { getThreadsCount, setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { kernelVariant } from '@unrolled/wasm-kernels';
import { checks } from '../../src/backends/checks.ts';
import type { PageReport } from './report.ts';

// Runs in the browser: every check on wasm, what came out of it to the server.

async function examine(): Promise<PageReport> {
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
  return {
    isolated: globalThis.crossOriginIsolated,
    device,
    threads: globalThis.crossOriginIsolated ? getThreadsCount() : 1,
    variant: kernelVariant() ?? 'none',
    leaked: tf.memory().numTensors - before,
    values,
  };
}

const report = await examine().catch((error: unknown) => ({
  error: String((error as Error)?.stack ?? error),
}));
await fetch('/report', { method: 'POST', body: JSON.stringify(report) });

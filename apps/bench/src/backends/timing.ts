import * as tf from '@tensorflow/tfjs-core';
import type { BackendName } from '@unrolled/backend';
import { median } from '../median.ts';
import type { Duration, WorkResult } from './row.ts';
import type { Prepared, Work } from './work.ts';

/** Seconds that one piece of work may take in all, and once. */
const [budget, longest] = [3, 15];
const leastRuns = 3;

/** Kernels that only hand a tensor on. */
const still = ['Reshape', 'Identity', 'ExpandDims'];

/**
 * What the kernels read and write. Those of ours are compiled for wasm alone: elsewhere they call tfjs's, which are counted in
 * their place.
 */
async function bytesOf(kernels: () => void, backend: BackendName): Promise<number> {
  const profile = await tf.profile(() => {
    kernels();
    return [];
  });
  const sizeOf = (shapes: readonly (number[] | null)[]): number =>
    shapes.reduce((sum, shape) => sum + (shape ? tf.util.sizeFromShape(shape) : 0), 0);
  return profile.kernels
    .filter(({ name }) => !still.includes(name) && (backend === 'wasm' || !name.startsWith('Unrolled')))
    .reduce(
      (sum, { inputShapes, outputShapes }) => sum + 4 * (sizeOf(inputShapes) + sizeOf(outputShapes)),
      0,
    );
}

async function durationOf(run: () => Promise<void>): Promise<Duration> {
  const before = process.cpuUsage();
  const start = performance.now();
  await run();
  const wall = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { wall, processor: (user + system) / 1e6 };
}

const medianOf = (durations: readonly Duration[]): Duration => ({
  wall: median(durations.map(({ wall }) => wall)),
  processor: median(durations.map(({ processor }) => processor)),
});

/**
 * Runs a piece of work on a backend and on wasm in turns, so that what disturbs the machine disturbs both.
 *
 * @param rate the operations a second that this backend has reached on work of this kind: what would take too long is left out
 */
export async function timeWork(
  { name, flops, prepare }: Work,
  backend: BackendName,
  rate: number,
): Promise<WorkResult> {
  const expected = flops / rate;
  if (expected > longest) return { name, expected };
  const on = async <R>(which: BackendName, f: () => Promise<R>): Promise<R> => {
    await tf.setBackend(which);
    return f();
  };
  const prepared: { readonly which: BackendName; readonly work: Prepared; readonly durations: Duration[] }[] =
    [];
  let bytes = 0;
  try {
    for (const which of new Set<BackendName>([backend, 'wasm']))
      prepared.push({ which, work: await on(which, prepare), durations: [] });
    // The first run of each compiles and warms up.
    for (const { which, work } of prepared) await on(which, work.run);
    bytes = await on(backend, () => bytesOf(prepared[0]!.work.kernels, backend));
    const start = performance.now();
    const spent = () => (performance.now() - start) / 1000;
    for (let turn = 0; (turn < leastRuns && spent() < longest) || spent() < budget; turn++) {
      for (const { which, work, durations } of prepared)
        durations.push(await on(which, () => durationOf(work.run)));
    }
  } catch (error) {
    return { name, unsupported: (error instanceof Error ? error.message : String(error)).split('\n')[0]! };
  } finally {
    for (const { which, work } of prepared) await on(which, async () => work.dispose());
  }
  return {
    name,
    own: medianOf(prepared[0]!.durations),
    wasm: medianOf(prepared.at(-1)!.durations),
    runs: prepared[0]!.durations.length,
    flops,
    bytes,
  };
}

import * as tf from '@tensorflow/tfjs-core';
import type { ExperimentContext } from '../experiment.ts';
import { median } from '../markdown.ts';
import { slice } from './examples.ts';
import type { JobResult } from './job.ts';
import { type Method, networkOf } from './methods.ts';
import { loadScenario } from './scenario.ts';

/** How long one signal takes in a batch of a thousand, of one method at one T. */
export interface Timing {
  readonly method: Method;
  readonly layers: number;
  readonly microseconds: number;
}

const repeats = 5;

/** Times all encoders on one thread, in turns, so that a slow minute of the machine is everyone's. */
export async function timings(
  { signal }: ExperimentContext,
  path: string,
  results: readonly JobResult[],
): Promise<Timing[]> {
  const scenario = await loadScenario(path);
  const { data, shape } = slice(scenario.test.signals, 0, 1000);
  const y = tf.tensor2d(data, shape as [number, number]);
  // What is trained takes as long as what is not: the values of matrices do not matter.
  const encoders = [];
  for (const { method, layers, setting } of results) {
    const network = await networkOf(scenario, method, layers, setting);
    encoders.push({ method, layers, network, taken: [] as number[] });
  }
  try {
    for (let repeat = 0; repeat <= repeats; repeat++) {
      for (const { network, taken } of encoders) {
        signal.throwIfAborted();
        const started = process.cpuUsage();
        const code = network.encode(y);
        await code.data();
        code.dispose();
        const { user, system } = process.cpuUsage(started);
        // The first one warms up.
        if (repeat > 0) taken.push((user + system) / shape[0]!);
      }
    }
    return encoders.map(({ method, layers, taken }) => ({ method, layers, microseconds: median(taken) }));
  } finally {
    for (const { network } of encoders) network.dispose();
    y.dispose();
  }
}

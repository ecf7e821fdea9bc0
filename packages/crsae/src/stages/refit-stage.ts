import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Network } from '@unrolled/contracts';
import { lasso, type UpdateStage } from '@unrolled/unroll';
import { refitFilters } from '../refit/refit-filters.ts';
import type { HostArray } from '../refit/spikes.ts';

/** Codes per encoder call: what is held on the device at once. */
const examplesAtOnce = 64;

/**
 * Recentres and re-seeds filters after every epoch: all are refitted by least squares on the support found in `windows`
 * (`refitFilters`), and kept where that lowers the lasso objective there. The optimiser of the filters then begins anew.
 *
 * @param windows `[batch, time, channels]` on the host: the training windows, or some hundred of them
 */
export function refitStage(windows: HostArray, options: { readonly resets?: string } = {}): UpdateStage {
  return {
    name: 'refit',
    when: 'epoch',
    update: async ({ network, resetOptimizer }) => {
      const variable = network.variables['operator.filters']!;
      const before = Float32Array.from(await variable.data());
      const objective = await meanObjective(network, windows);
      const refit = refitFilters(windows, await codesOf(network, windows), {
        data: before,
        shape: variable.shape,
      });
      await setFilters(network, refit.filters);
      const after = await meanObjective(network, windows);
      if (after < objective) resetOptimizer(options.resets ?? 'filters');
      else await setFilters(network, before);
      return Math.min(after, objective);
    },
  };
}

async function setFilters(network: Network, filters: Float32Array): Promise<void> {
  const variable = network.variables['operator.filters']!;
  tf.tidy(() => variable.assign(tf.tensor(filters, variable.shape)));
  network.constrain();
  await network.refresh();
}

/** The codes of windows on the host, encoded piece by piece. */
export async function codesOf(network: Pick<Network, 'encode'>, windows: HostArray): Promise<HostArray> {
  const parts: Float32Array[] = [];
  let shape: number[] = [];
  for (const batch of pieces(windows)) {
    const codes = network.encode(batch);
    parts.push(Float32Array.from(await codes.data()));
    shape = [windows.shape[0]!, ...codes.shape.slice(1)];
    tf.dispose([batch, codes]);
  }
  const data = new Float32Array(parts.reduce((size, part) => size + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    data.set(part, offset);
    offset += part.length;
  }
  return { data, shape };
}

async function meanObjective(network: Network, windows: HostArray): Promise<number> {
  let sum = 0;
  for (const batch of pieces(windows)) {
    const loss = lasso()(network, batch);
    sum += batch.shape[0]! * (await loss.data())[0]!;
    tf.dispose([batch, loss]);
  }
  return sum / windows.shape[0]!;
}

function* pieces({ data, shape }: HostArray): Generator<Tensor> {
  const [examples, ...inner] = shape as [number, ...number[]];
  const size = inner.reduce((product, length) => product * length, 1);
  for (let start = 0; start < examples; start += examplesAtOnce) {
    const end = Math.min(examples, start + examplesAtOnce);
    yield tf.tensor(data.subarray(start * size, end * size), [end - start, ...inner]);
  }
}

import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Network } from '@unrolled/contracts';
import type { HostExamples } from '@unrolled/unroll';
import { requireHostBatch } from './refit/host-batch.ts';

/** Windows per encoder call: what is held on the device at once. */
const windowsAtOnce = 64;

/**
 * The codes of windows on the host, encoded piece by piece: memory on the device does not grow with their number.
 *
 * @param windows `[batch, time, channels]`, or images `[batch, height, width, channels]`
 * @returns `[batch, positions, atoms]`, or `[batch, rows, columns, atoms]`
 * @throws INVALID_SHAPE for windows that do not fit the filters, NOT_FINITE for a NaN or infinity
 * @example
 * const { data, shape } = await codesOf(network, windows);
 */
export async function codesOf(
  network: Pick<Network, 'encode'>,
  windows: HostExamples,
): Promise<HostExamples> {
  let codes = new Float32Array(0);
  let inner: number[] = [];
  let start = 0;
  for (const batch of pieces(windows)) {
    try {
      const found = network.encode(batch);
      const values = await found.data();
      inner = found.shape.slice(1);
      found.dispose();
      if (start === 0) codes = new Float32Array((values.length / batch.shape[0]!) * windows.shape[0]!);
      codes.set(values as Float32Array, start);
      start += values.length;
    } finally {
      batch.dispose();
    }
  }
  return { data: codes, shape: [windows.shape[0]!, ...inner] };
}

/** Windows on the host as tensors, so many at a time. A piece is the caller's, who disposes of it. */
export function* pieces(windows: HostExamples): Generator<Tensor, void, void> {
  const images = windows.shape.length === 4;
  const layout = images ? '[batch, height, width, channels]' : '[batch, time, channels]';
  requireHostBatch('windows', windows, layout, images ? 4 : 3);
  const { data, shape } = windows;
  const [examples, ...inner] = shape as [number, ...number[]];
  const size = data.length / examples;
  for (let start = 0; start < examples; start += windowsAtOnce) {
    const end = Math.min(examples, start + windowsAtOnce);
    yield tf.tensor(data.subarray(start * size, end * size), [end - start, ...inner]);
  }
}

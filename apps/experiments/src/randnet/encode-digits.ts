import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Network, throwIfAborted } from '@unrolled/contracts';
import { dense } from '@unrolled/operators';
import type { HostExamples } from '@unrolled/unroll';
import type { Measuring } from './measurements.ts';
import { dictionaryName, measureBy, measured } from './randnet.ts';

/** Pictures of digits as rows `[digits, pixels]`, and which they are. */
export interface Digits {
  readonly pixels: HostExamples;
  readonly labels: readonly number[];
}

/** Codes of all digits `[digits, atoms]`, block by block, each measured by the matrix of its place. */
export async function encodeDigits(
  network: Network,
  { pixels }: Digits,
  {
    measuring,
    blockSize,
    signal,
  }: { readonly measuring: Measuring; readonly blockSize: number; readonly signal: AbortSignal },
): Promise<HostExamples> {
  const count = pixels.shape[0]!;
  const atoms = network.variables[dictionaryName]!.shape[1]!;
  const data = new Float32Array(count * atoms);
  for (let block = 0; block * blockSize < count; block++) {
    throwIfAborted(signal);
    measureBy(network, measuring, block);
    const codes = tf.tidy(() => network.encode(measured(network, rowsOf(pixels, block, blockSize))));
    data.set(await codes.data(), block * blockSize * atoms);
    codes.dispose();
  }
  return { data, shape: [count, atoms] };
}

/** The pictures H x of codes, on the host: what the measurements were of. */
export async function decodeDigits(network: Network, codes: HostExamples): Promise<Float32Array> {
  const pictures = tf.tidy(() =>
    dense(network.variables[dictionaryName]!).apply(tf.tensor(codes.data, [...codes.shape])),
  );
  const data = Float32Array.from(await pictures.data());
  pictures.dispose();
  return data;
}

/** A block of digits, as a fresh tensor. */
export function rowsOf({ data, shape }: HostExamples, block: number, blockSize: number): Tensor {
  const [count, width] = shape as readonly [number, number];
  const [start, end] = [block * blockSize, Math.min(count, (block + 1) * blockSize)];
  return tf.tensor2d(data.subarray(start * width, end * width), [end - start, width]);
}

import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Network, type Random, refuse } from '@unrolled/contracts';
import { conv1d } from '@unrolled/operators';
import type { BatchSource, HostExamples } from '@unrolled/unroll';

/** Groups of trials: the counts of each, and its natural parameter where there is no event. */
export interface Groups {
  /** `[groups, time, 1]` */
  readonly counts: HostExamples;
  /** One a group. */
  readonly baselines: Float32Array;
}

/**
 * Minibatches of groups, each with its baselines: they are set as the network's when the batch is taken.
 *
 * @param batchSize divides the number of groups, as the network's baseline has one shape, `[batchSize, 1, 1]`
 */
export function groupBatches(network: Network, groups: Groups, batchSize: number): BatchSource {
  const count = groups.baselines.length;
  if (count % batchSize !== 0) refuse('batchSize', batchSize, `a divisor of ${count} groups`);
  return {
    batches: count / batchSize,
    *epoch(random: Random) {
      const order = random.permutation(count);
      for (let start = 0; start < count; start += batchSize)
        yield takeGroups(network, groups, order.subarray(start, start + batchSize));
    },
  };
}

/** The codes of all groups, `[groups, positions, atoms]`. */
export async function codesOfGroups(
  network: Network,
  groups: Groups,
  batchSize: number,
): Promise<HostExamples> {
  const count = groups.baselines.length;
  const pieces: Float32Array[] = [];
  let inner: number[] = [];
  for (let start = 0; start < count; start += batchSize) {
    const rows = Int32Array.from({ length: batchSize }, (_, row) => start + row);
    const batch = takeGroups(network, groups, rows);
    const code = network.encode(batch);
    pieces.push((await code.data()) as Float32Array);
    inner = code.shape.slice(1);
    tf.dispose([batch, code]);
  }
  const data = new Float32Array(pieces.reduce((size, piece) => size + piece.length, 0));
  pieces.forEach((piece, index) => {
    data.set(piece, index * pieces[0]!.length);
  });
  return { data, shape: [count, ...inner] };
}

/** η = H x + a of codes, `[groups, time, 1]`, on the host. */
export async function etaOfCodes(
  { baselines }: Groups,
  codes: HostExamples,
  filters: { readonly data: Float32Array; readonly shape: readonly number[] },
): Promise<Float32Array> {
  const eta = tf.tidy(() =>
    tf.add(
      conv1d(tf.tensor(filters.data, [...filters.shape])).apply(tf.tensor(codes.data, [...codes.shape])),
      tf.tensor3d(baselines, [baselines.length, 1, 1]),
    ),
  );
  const values = (await eta.data()) as Float32Array;
  eta.dispose();
  return values;
}

/** Some groups as a fresh tensor; the network's baselines become theirs. */
function takeGroups(network: Network, { counts, baselines }: Groups, rows: Int32Array): Tensor {
  const time = counts.shape[1]!;
  const data = new Float32Array(rows.length * time);
  rows.forEach((group, row) => {
    data.set(counts.data.subarray(group * time, (group + 1) * time), row * time);
  });
  tf.tidy(() => {
    const own = Float32Array.from(rows, (group) => baselines[group]!);
    network.variables['likelihood.baseline']!.assign(tf.tensor3d(own, [rows.length, 1, 1]));
  });
  return tf.tensor3d(data, [rows.length, time, 1]);
}

import { Tensor } from '@tensorflow/tfjs-core';
import { requireAllFinite, requireShape } from '@unrolled/contracts';

/** Examples on the host: `[examples, features]`, the features fastest. The `Patches` of `@unrolled/images` are such. */
export interface HostExamples {
  readonly data: Float32Array | Float64Array;
  readonly shape: readonly number[];
}

/** Examples `[examples, features]`: on the host, or a tensor, lent. */
export type Examples = HostExamples | Tensor;

/** Examples on the host, at least one, all finite. */
export async function hostExamples(examples: Examples): Promise<HostExamples> {
  const shape = examples?.shape ?? [];
  requireShape('data', shape, [-1, -1], 'examples [examples, features]');
  requireShape(
    'data',
    shape.map((size) => Math.min(size, 1)),
    [1, 1],
    'at least one example of one feature',
  );
  const data = examples instanceof Tensor ? Float32Array.from(await examples.data()) : examples.data;
  requireShape('data', [data?.length], [shape[0]! * shape[1]!], 'numbers for its shape');
  requireAllFinite('data', data);
  return { data, shape };
}

/** Some examples, in float32 as the device computes with them: `[rows, features]`. */
export function rowsOf({ data, shape }: HostExamples, rows: Int32Array): Float32Array {
  const features = shape[1]!;
  const batch = new Float32Array(rows.length * features);
  rows.forEach((row, index) => {
    batch.set(data.subarray(row * features, (row + 1) * features), index * features);
  });
  return batch;
}

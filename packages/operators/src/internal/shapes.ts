import type { Tensor } from '@tensorflow/tfjs-core';
import { refuse, requireFloat, requireShape } from '@unrolled/contracts';

/** A float32 tensor `[batch, …example]`, returned as it is; −1 in `example` stands for any size. */
export function requireBatch(
  name: string,
  tensor: Tensor,
  example: readonly number[],
  layout: string,
): Tensor {
  if (!tensor?.shape) refuse(name, tensor, `a tensor ${layout}`);
  requireShape(name, tensor.shape, [-1, ...example], layout);
  requireFloat(name, tensor);
  return tensor;
}

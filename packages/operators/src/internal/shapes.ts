import type { Tensor } from '@tensorflow/tfjs-core';
import { refuse, requireFloat, requireShape } from '@unrolled/contracts';

/** A float32 tensor `[batch, …example]`, returned as it is; −1 in `example` stands for any size. */
export function requireBatch(
  name: string,
  tensor: Tensor,
  example: readonly number[],
  layout: string,
): Tensor {
  requireShape(name, requireTensor(name, tensor, layout).shape, [-1, ...example], layout);
  return tensor;
}

/** A float32 tensor of any shape, returned as it is. */
export function requireTensor(name: string, tensor: Tensor, layout: string): Tensor {
  if (!tensor?.shape) refuse(name, tensor, `a tensor ${layout}`);
  requireFloat(name, tensor);
  return tensor;
}

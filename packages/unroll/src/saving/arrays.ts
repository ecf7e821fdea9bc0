import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { UnrolledError } from '@unrolled/contracts';
import { type NdArray, ndArray } from '@unrolled/formats';

/** Tensors as plain arrays. Reads the device. */
export async function toArrays(tensors: {
  readonly [name: string]: Tensor;
}): Promise<Record<string, NdArray<'float32'>>> {
  const entries = Object.entries(tensors).map(async ([name, tensor]) => {
    // Some backends lend a view of their memory: copied, so that it stays what it was.
    const data = Float32Array.from(await tensor.data());
    return [name, ndArray(data, tensor.shape)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Variables, and the arrays that they are to be set to, by the same names. */
export interface Assignment {
  readonly variables: { readonly [name: string]: Variable };
  readonly arrays: { readonly [name: string]: NdArray };
}

/** Sets variables to saved arrays; refuses all before it changes any. */
export function assignArrays(...assignments: readonly Assignment[]): void {
  for (const assignment of assignments) requireFitting(assignment);
  tf.tidy(() => {
    for (const { variables, arrays } of assignments) {
      for (const [name, variable] of Object.entries(variables)) {
        const { data, shape } = arrays[name]!;
        variable.assign(tf.tensor(Float32Array.from(data as Float32Array), [...shape]));
      }
    }
  });
}

function requireFitting({ variables, arrays }: Assignment): void {
  const missing = Object.keys(variables).filter((name) => !(name in arrays));
  const unknown = Object.keys(arrays).filter((name) => !(name in variables));
  if (missing.length > 0 || unknown.length > 0) {
    const parts = [
      missing.length > 0 && `missing ${missing.join(', ')}`,
      unknown.length > 0 && `unknown ${unknown.join(', ')}`,
    ];
    throw new UnrolledError('INVALID_FILE', `parameters: ${parts.filter(Boolean).join('; ')}`);
  }
  for (const [name, variable] of Object.entries(variables)) {
    const { shape, dtype } = arrays[name]!;
    if (String(shape) !== String(variable.shape)) {
      throw new UnrolledError(
        'INVALID_SHAPE',
        `parameters: ${name}: expected shape [${variable.shape}], got [${shape}]`,
      );
    }
    if (dtype !== 'float32' && dtype !== 'float64') {
      throw new UnrolledError(
        'INVALID_DTYPE',
        `parameters: ${name}: expected float32 or float64, got ${dtype}`,
      );
    }
  }
}

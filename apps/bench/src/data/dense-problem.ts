import * as tf from '@tensorflow/tfjs-core';
import { matMul } from '@unrolled/backend';
import type { NdArray } from '@unrolled/formats';
import { dense } from '@unrolled/operators';
import type { BenchContext } from '../benchmark.ts';
import { normalArray, plus, sparseArray, toArray, toTensor, unitAtoms } from './arrays.ts';

/** Vector signals with a dense dictionary. */
export interface DenseSetting {
  /** `[batch, features]` */
  readonly signals: NdArray<'float32'>;
  /** `[features, atoms]`, norm 1. */
  readonly atoms: NdArray<'float32'>;
  readonly weight: number;
  /** 1/‖A‖². */
  readonly step: number;
}

/** 512 signals of 256 features out of 1,024 atoms, one in fifty of them, and a little noise. */
export async function denseSetting(size: BenchContext['size'], batch = 512): Promise<DenseSetting> {
  const [examples, features, count] = size === 'full' ? [batch, 256, 1024] : [4, 8, 16];
  const atoms = unitAtoms(normalArray([features, count], 31));
  const codes = sparseArray([examples, count], 32, 0.02);
  const [a, x] = [toTensor(atoms), toTensor(codes)];
  const clean = matMul(x, a, { transposeB: true });
  const signals = plus(await toArray(clean), normalArray([examples, features], 33, 0.02));
  const step = 1 / (await dense(a).lipschitz());
  tf.dispose([a, x, clean]);
  return { signals, atoms, weight: 0.1, step };
}

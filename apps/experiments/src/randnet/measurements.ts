import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';
import { unitSphere } from '@unrolled/operators';

/** How signals are measured: `measurements` numbers of `features`, by matrices of which nothing is kept but a seed. */
export interface Measuring {
  readonly features: number;
  readonly measurements: number;
  readonly seed: number;
}

/** Φ of a block of signals `[measurements, features]`: independent normal entries, columns of norm 1. A fresh tensor. */
export function measurementMatrix({ features, measurements, seed }: Measuring, block: number): Tensor {
  return tf.tidy(() => unitSphere(normalMatrix(measurements, features, `${seed}, Φ ${block}`)));
}

/** Independent standard normal entries, as a name draws them. A fresh tensor. */
export function normalMatrix(rows: number, columns: number, name: string): Tensor {
  const draw = random(0).split(name);
  const entries = Float32Array.from({ length: rows * columns }, () => draw.normal());
  return tf.tensor2d(entries, [rows, columns]);
}

import * as tf from '@tensorflow/tfjs-core';
import { synthesis2d } from '@unrolled/backend';
import { conv2d } from '@unrolled/operators';
import type { BenchContext } from '../benchmark.ts';
import type { ImageProblem } from '../reference/images.ts';
import { normalArray, plus, sparseArray, toArray, toTensor, unitAtoms } from './arrays.ts';

/** Images, and what encodes them. */
export interface ImageSetting extends ImageProblem {
  /** 1/‖H‖². */
  readonly step: number;
  readonly layers: number;
  /** Multiplications and additions of one analysis, or one synthesis, of the batch. */
  readonly operations: number;
}

const sizes = {
  full: { batch: 8, side: 128, atoms: 64, filter: 9, layers: 15 },
  smoke: { batch: 2, side: 12, atoms: 4, filter: 3, layers: 3 },
} as const;

/**
 * Eight images of 128 × 128 out of sparse codes with 64 filters of 9 × 9, and a little noise; filters are normal numbers, of norm
 * 1. After 15 layers about one entry of a code in 25 is not zero.
 */
export async function imageSetting(size: BenchContext['size']): Promise<ImageSetting> {
  const { batch, side, atoms, filter, layers } = sizes[size];
  const places = side - filter + 1;
  const filters = unitAtoms(normalArray([filter, filter, 1, atoms], 11));
  const codes = sparseArray([batch, places, places, atoms], 12, 0.002);
  const [h, x] = [toTensor(filters), toTensor(codes)];
  const clean = synthesis2d(x, h);
  const images = plus(await toArray(clean), normalArray([batch, side, side, 1], 13, 0.05));
  const step = 1 / (await conv2d(h).lipschitz());
  tf.dispose([h, x, clean]);
  const operations = 2 * batch * places * places * atoms * filter * filter;
  return { images, filters, weight: 0.1, step, layers, operations };
}

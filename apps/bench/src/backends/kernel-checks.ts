import * as tf from '@tensorflow/tfjs-core';
import {
  analysis1d,
  analysis2d,
  filterGradient1d,
  filterGradient2d,
  matMul,
  synthesis1d,
  synthesis2d,
  valueAndGradients,
  vectorJacobianProduct,
} from '@unrolled/backend';
import { normal } from '../tensors.ts';
import { type Check, read } from './check.ts';

/** Sums of up to a thousand products: √1000 roundings of 6e-8. */
const tolerance = 1e-5;

const convolutions: Check = {
  name: 'convolutions and their gradients',
  tolerance,
  run: () =>
    read(() => {
      const y = normal([3, 214, 2], 1);
      const filters = normal([15, 2, 4], 2);
      const x = normal([3, 100, 4], 3);
      const [dy, dFilters] = vectorJacobianProduct(() => [analysis1d(y, filters, 2)], [y, filters], [x]);
      return {
        analysis: analysis1d(y, filters, 2),
        synthesis: synthesis1d(x, filters, 2),
        filterGradient: filterGradient1d(y, x, 2, 15),
        dy: dy!,
        dFilters: dFilters!,
      };
    }),
};

const images: Check = {
  name: 'convolutions of images and their gradients',
  tolerance,
  run: () =>
    read(() => {
      const y = normal([2, 23, 21, 2], 1);
      const filters = normal([5, 7, 2, 4], 2);
      const x = normal([2, 19, 15, 4], 3);
      const [dy, dFilters] = vectorJacobianProduct(() => [analysis2d(y, filters)], [y, filters], [x]);
      return {
        analysis: analysis2d(y, filters),
        synthesis: synthesis2d(x, filters),
        filterGradient: filterGradient2d(y, x),
        dy: dy!,
        dFilters: dFilters!,
      };
    }),
};

const products: Check = {
  name: 'products and their gradients',
  tolerance,
  run: () =>
    read(() => {
      const [a, b, c] = [normal([90, 70], 4), normal([70, 80], 5), normal([2, 90, 70], 6)];
      const flagged = () =>
        matMul(matMul(a, a, { transposeA: true }), matMul(b, b, { transposeB: true }), { transposeB: true });
      const { value, gradients } = valueAndGradients(() => tf.sum(tf.square(matMul(c, b))), [b, c]);
      return { flagged: flagged(), value, db: gradients[0]!, dc: gradients[1]! };
    }),
};

/** One kernel each, and its gradients. */
export const kernelChecks: readonly Check[] = [convolutions, images, products];

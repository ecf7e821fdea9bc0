import type { Tensor } from '@tensorflow/tfjs-core';
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
import { codeSpaceFista, coordinateDescent, fista, maxIterations, solve } from '@unrolled/solvers';
import { normal } from '../tensors.ts';
import type { Values } from './compare.ts';
import {
  convolutionalProblem,
  convolutionalStep,
  denseProblem,
  denseStep,
  fixedPointStep,
} from './networks.ts';

/** Something that every backend has to compute alike. */
export interface Check {
  readonly name: string;
  /** The largest relative error that float32 explains. */
  readonly tolerance: number;
  run(): Promise<Values>;
}

/** Sums of up to a thousand products: √1000 roundings of 6e-8. */
const oneKernel = 1e-5;
/** Some hundred kernels one behind the other, forward and back. */
const manyKernels = 1e-4;

/** What `make` made, on the host; the tensors are disposed of. */
async function read(make: () => { readonly [name: string]: Tensor }): Promise<Values> {
  const tensors = tf.tidy(make);
  const values: { [name: string]: Float32Array } = {};
  for (const [name, tensor] of Object.entries(tensors)) values[name] = Float32Array.from(await tensor.data());
  tf.dispose(tensors);
  return values;
}

const convolutions: Check = {
  name: 'convolutions and their gradients',
  tolerance: oneKernel,
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
  tolerance: oneKernel,
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
  tolerance: oneKernel,
  run: () =>
    read(() => {
      const [a, b, c] = [normal([90, 70], 4), normal([70, 80], 5), normal([2, 90, 70], 6)];
      const flagged = () =>
        matMul(matMul(a, a, { transposeA: true }), matMul(b, b, { transposeB: true }), { transposeB: true });
      const { value, gradients } = valueAndGradients(() => tf.sum(tf.square(matMul(c, b))), [b, c]);
      return { flagged: flagged(), value, db: gradients[0]!, dc: gradients[1]! };
    }),
};

const codes: Check = {
  name: 'FISTA, 30 iterations',
  tolerance: manyKernels,
  run: async () => {
    const values: { [name: string]: Float32Array } = {};
    for (const [name, problem] of Object.entries({
      dense: denseProblem(),
      convolutional: convolutionalProblem(),
    })) {
      const options = { stop: maxIterations(30) };
      const { code } = await solve(fista(problem.problem, { step: problem.step }), problem.y, options);
      values[`code, ${name}`] = Float32Array.from(await code.data());
      code.dispose();
      problem.dispose();
    }
    return values;
  },
};

const sparseCodes: Check = {
  name: 'codes in code space: coordinate descent, FISTA',
  tolerance: manyKernels,
  run: async () => {
    const { problem, y, step, dispose } = convolutionalProblem();
    // So close to the minimum that the way there does not show.
    const solvers = {
      descent: await coordinateDescent(problem, { tolerance: 1e-5 }),
      FISTA: await codeSpaceFista(problem, { iterations: 30, step }),
    };
    const values: { [name: string]: Float32Array } = {};
    for (const [name, solver] of Object.entries(solvers)) {
      const { code } = await solver.solve(y);
      values[`code, ${name}`] = Float32Array.from(await code.data());
      code.dispose();
      solver.dispose();
    }
    dispose();
    return values;
  },
};

const step = (name: string, run: () => Promise<Values>): Check => ({ name, tolerance: manyKernels, run });

/** Every check, small enough for plain JavaScript and an imitated graphics card. */
export const checks: readonly Check[] = [
  convolutions,
  images,
  products,
  codes,
  sparseCodes,
  step('CRsAE: training step', () => convolutionalStep('full')),
  step('dense network: training step', () => denseStep('full')),
  step('dense network: gradient through the last 4 layers', () => denseStep({ last: 4 })),
  step('dense network: checkpointed gradient', () => denseStep({ checkpoint: 4 })),
  step('dense network: implicit gradient', fixedPointStep),
];

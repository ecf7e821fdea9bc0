import type { Tensor } from '@tensorflow/tfjs-core';
import type { ConvolutionalOperator, Likelihood, Prior, Problem } from '@unrolled/contracts';

/** A convolutional lasso: a convolution over time, a prior that gives its prox as a `shrinkage`, and squares. */
export type SparseProblem = Problem<ConvolutionalOperator, Prior, Likelihood<'gaussian'>>;

/** The entries of a code that are not zero, one to an index: ascending in position, then in atom. */
export interface SparseCode {
  readonly positions: Int32Array;
  readonly atoms: Int32Array;
  readonly values: Float32Array;
}

/** Options of `SparseSolver.solve`. */
export interface SparseSolveOptions {
  /** Aborting makes `solve` throw ABORTED, and leaves no tensor behind. */
  readonly signal?: AbortSignal;
  /** Called after every window with the part of the positions that are done, in [0, 1]. */
  readonly onProgress?: (done: number) => void;
}

/** What `SparseSolver.solve` gives. */
export interface SparseSolution {
  /** `[batch, positions, atoms]`. A fresh tensor. */
  readonly code: Tensor;
  /** How far the worst entry is from the Karush–Kuhn–Tucker conditions, in parts of its weight. */
  readonly violation: number;
  /** Entries that were computed anew: of coordinate descent, local problems solved. */
  readonly updates: number;
}

/** A convolutional lasso that is ready for signals: the Gram of its filters is computed. */
export interface SparseSolver {
  /**
   * @param y signals `[batch, time, channels]`, lent
   * @throws NOT_FINITE, INVALID_SHAPE, INVALID_DTYPE, ABORTED; DIVERGED where the code is not finite; UNAVAILABLE where the solver
   *   was disposed of, or made on a backend that is no longer in use
   */
  solve(y: Tensor, options?: SparseSolveOptions): Promise<SparseSolution>;
  /**
   * The code of one signal, in memory that does not grow with it but for the result.
   *
   * @param signal `[time × channels]`, the channels of a sample side by side
   * @throws NOT_FINITE, INVALID_SHAPE, DIVERGED, UNAVAILABLE
   */
  events(signal: Float32Array): SparseCode;
  /** Frees what is held on the device. */
  dispose(): void;
}

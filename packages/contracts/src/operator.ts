import type { Tensor } from '@tensorflow/tfjs-core';
import type { Parametric } from './named.ts';

/**
 * A linear map from codes to signals with its exact adjoint: ⟨A x, y⟩ = ⟨x, Aᵀ y⟩, edges included.
 *
 * Batch first, channels last: a vector signal is `[batch, features]`, a 1-D signal `[batch, time, channels]`, an
 * image `[batch, height, width, channels]`. A dense operator's `atoms` are `[features, atoms]`, a convolutional one's
 * `filters` `[time, channels, atoms]`; a convolutional code has one channel an atom.
 */
export interface Operator<N extends string = string> extends Parametric<N> {
  readonly name: string;
  /** The length of a code's last axis, where signals of every shape have the same one: its atoms. */
  readonly codeSize?: number;
  /** Where the positions of a code lie in a signal, of a convolution. */
  readonly grid?: CodeGrid;
  /** Synthesis A x: codes `[batch, …]` to signals `[batch, …]`. A fresh tensor. */
  apply(x: Tensor): Tensor;
  /** Analysis Aᵀ y: signals `[batch, …]` to codes `[batch, …]`. A fresh tensor. */
  adjoint(y: Tensor): Tensor;
  /** The shape of the code of a signal of this shape, batch included. Throws where no code fits. */
  codeShape(signalShape: readonly number[]): number[];
  /** An upper bound of ‖A‖² = σ_max(A)², computed on the host in float64. */
  lipschitz(): Promise<number>;
  with(parameters: { readonly [K in N]: Tensor }): Operator<N>;
}

/**
 * Where the positions of a convolutional code lie: one entry for every axis of a signal between batch and channels, `[time]` or
 * `[height, width]`. Position p of a code is sample stride·p to stride·p + extent − 1 of its signal.
 */
export interface CodeGrid {
  /** Samples (pixels) that an atom spans. */
  readonly extent: readonly number[];
  /** Samples (pixels) from one position to the next. */
  readonly stride: readonly number[];
}

/** The sizes of filters `[length, channels, atoms]`, and the samples from one position of a code to the next. */
export interface FilterBank1d {
  readonly length: number;
  readonly channels: number;
  readonly atoms: number;
  readonly stride: number;
}

/**
 * A convolution over time: solvers that work in code space need its filters alone, for the Gram Aᵀ A of a convolution is
 * as short as they are.
 */
export interface ConvolutionalOperator extends Operator<'filters'> {
  readonly convolution: FilterBank1d;
  with(parameters: { readonly filters: Tensor }): ConvolutionalOperator;
}

/** An operator that SALSA and LISTA can use: small enough for its matrix and a regularised inverse. */
export interface SolvableOperator<N extends string = string> extends Operator<N> {
  /** The matrix `[features, atoms]`. A fresh tensor. */
  matrix(): Promise<Tensor>;
  /** (μ I + Aᵀ A)⁻¹ as a matrix and as a solve; float64 on the host, μ > 0. */
  solveRegularized(mu: number): Promise<RegularizedSolve>;
  with(parameters: { readonly [K in N]: Tensor }): SolvableOperator<N>;
}

/** (μ I + Aᵀ A)⁻¹, factored once. */
export interface RegularizedSolve {
  /** S = (μ I + Aᵀ A)⁻¹ `[atoms, atoms]`. A fresh tensor. */
  matrix(): Tensor;
  /**
   * The factor F `[rows, atoms]` that `solve` is made of: S = Fᵀ F (Cholesky) where it is square, and with fewer rows
   * S = (I − Fᵀ F) / μ (Woodbury). A fresh tensor.
   */
  factor(): Tensor;
  /** S q for codes `[batch, atoms]`, by the factor. A fresh tensor. */
  solve(q: Tensor): Tensor;
  /** Frees what the factorisation holds on the device. */
  dispose(): void;
}

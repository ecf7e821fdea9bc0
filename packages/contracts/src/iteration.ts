import type { Tensor } from '@tensorflow/tfjs-core';
import type { Named } from './named.ts';
import type { Operator } from './operator.ts';
import type { Problem } from './problem.ts';

/**
 * An algorithm bound to a problem: named parameters, a pure differentiable step, a read-out.
 *
 * Iterate the step until it converges and it is a solver; stack T copies of it and it is a network.
 *
 * @typeParam N the names of its parameters
 * @typeParam S the names of its state, which holds only what converges
 */
export interface Iteration<
  N extends string = string,
  S extends string = string,
  Q extends Problem = Problem,
> {
  readonly name: string;
  readonly problem: Q;
  /** FRESH tensors with the exact classical values; the caller disposes of them. */
  parameters(): Promise<Named<N>>;
  /**
   * Computes what is computed once a forward pass (analysis of y, transposes, weights that depend on the data) and
   * gives the layer. Runs on the tape; what it makes belongs to the scope that it is called in.
   */
  bind(parameters: Named<N>, y: Tensor): Layer<S>;
  /** Fresh values of whatever follows from other parameters (the step 1/L from the filters), for after an update. */
  refresh?(parameters: Named<N>): Promise<Partial<Named<N>>>;
  /** The code in a state. Lent. */
  code(state: Named<S>): Tensor;
  /** The operator that these parameters make. Allocates no tensor. */
  decoder(parameters: Named<N>): Operator;
}

/** One layer for one batch of data. */
export interface Layer<S extends string = string> {
  /** The state before the first step. Fresh tensors. */
  start(): Named<S>;
  /** The next state, of fresh tensors; `t` counts from 1 (momentum, schedules). */
  step(state: Named<S>, t: number): Named<S>;
}

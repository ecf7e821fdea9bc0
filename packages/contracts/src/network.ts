import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Named } from './named.ts';
import type { Problem } from './problem.ts';

/** How `encode` propagates gradients back through its layers. */
export type Gradient =
  /** Through all layers, the default. */
  | 'full'
  /** Through the last k layers; 0 is the decoder-only gradient of alternating minimisation. */
  | { readonly last: number }
  /** Through all layers, recomputing segments of k layers on the way back: √T is a good k. */
  | { readonly checkpoint: number }
  /** At the fixed point, by the implicit function theorem; refuses an encoder that has not converged. */
  | {
      readonly implicit: {
        readonly tolerance?: number;
        readonly iterations?: number;
        readonly residual?: number;
      };
    };

/** An iteration unrolled: T layers, a sharing rule, a set of trainable parameters, a decoder. */
export interface Network<N extends string = string, Q extends Problem = Problem> {
  readonly layers: number;
  /** All parameters by name: `'operator.filters'`, `'prior.weight/3'` where layers differ, `'decoder.filters'`. */
  readonly variables: { readonly [name: string]: Variable };
  /** The trained ones, always in the same order (optimisers keep their moments by position). */
  readonly trainable: readonly Variable[];
  /** The parameters of layer t, counted from 1. Lent. */
  parameters(layer: number): Named<N>;
  /** Codes of signals. A fresh tensor. */
  encode(y: Tensor, options?: { readonly gradient?: Gradient }): Tensor;
  /** Signals (natural parameters) of codes. A fresh tensor. */
  decode(x: Tensor): Tensor;
  /** The trained problem, around the network's own tensors: `solve(fista(network.problem()), y)`. Lent. */
  problem(): Q;
  /** Projects the parameters onto their constraint sets (unit norm, non-negative weights), as after an update. */
  constrain(): void;
  /** Computes again what follows from other parameters and is not itself trained. */
  refresh(): Promise<void>;
  dispose(): void;
}

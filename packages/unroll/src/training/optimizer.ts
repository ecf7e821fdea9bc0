import type { Tensor, Variable } from '@tensorflow/tfjs-core';

/** How gradients become updates. A plain recipe: `begin` makes the state that belongs to a list of variables. */
export interface Optimizer {
  readonly name: string;
  begin(variables: readonly Variable[]): OptimizerRun;
}

/** An optimiser at work on its variables, with a state that can be saved: resumed training continues bit for bit. */
export interface OptimizerRun {
  /** One update; a variable whose gradient is null is passed over. */
  apply(gradients: readonly (Tensor | null)[]): void;
  /** Updates made so far. */
  readonly steps: number;
  /** The moments by name and position, `'first/0'`: what a checkpoint saves and sets. Lent. */
  readonly moments: { readonly [name: string]: Variable };
  /** Goes on as after so many updates, once the moments are set. */
  resumeAt(steps: number): void;
  /** Forgets everything, as before the first update: after parameters have jumped. */
  reset(): void;
  dispose(): void;
}

/** A constant rate, or one that the host computes from the number of the update, from 1. */
export type Rate = number | ((step: number) => number);

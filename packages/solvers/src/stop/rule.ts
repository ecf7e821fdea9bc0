import type { Tensor } from '@tensorflow/tfjs-core';
import type { Named, Problem } from '@unrolled/contracts';

/** When `solve` stops: a plain object, so that a rule of one's own is a few lines. */
export interface StopRule {
  /** What the solution's `reason` and the history call it. */
  readonly name: string;
  /** Called once a run, before any work. Throws where the problem lacks what the rule measures. */
  begin(problem: Problem, y: Tensor): StopTest;
}

/** A rule during one run. */
export type StopTest = CountingTest | MeasuringTest;

/** Asked after every iteration; never touches the device. */
export interface CountingTest {
  reached(iterations: number, seconds: number): boolean;
}

/** Asked every `checkEvery` iterations, for the worst example of the batch. */
export interface MeasuringTest {
  /** The run stops where the measure is at most this. */
  readonly tolerance: number;
  /**
   * A scalar, fresh; runs inside a tidy. `previous` is the code one iteration before, zero before the first; `state` is what the
   * iteration has besides, lent.
   */
  measure(code: Tensor, previous: Tensor, state: Named): Tensor;
  /** Frees what the test keeps on the device. */
  dispose?(): void;
}

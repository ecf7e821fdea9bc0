import type { NdArray } from '@unrolled/formats';

/** After every batch. */
export interface DictionaryStepEvent {
  readonly type: 'step';
  /** From 1. */
  readonly epoch: number;
  /** Batches done in all, from 1. */
  readonly step: number;
  /** Mean over the batch of ½‖y − D x‖² + Φ(x), with the atoms before their update. */
  readonly objective: number;
  /** The fraction of the batch's codes that is exactly 0. */
  readonly sparsity: number;
  /** Atoms that were of no use and seeded anew. */
  readonly seeded: number;
  readonly examplesPerSecond: number;
}

/** After every epoch. */
export interface DictionaryEpochEvent {
  readonly type: 'epoch';
  readonly epoch: number;
  readonly step: number;
  /** Mean over the epoch's examples. */
  readonly objective: number;
  readonly seconds: number;
}

/** The last event: what was learned, and why learning ended. */
export interface DictionaryEndEvent {
  readonly type: 'end';
  readonly reason: 'epochs' | 'tolerance';
  readonly epoch: number;
  readonly step: number;
  /** D, float32 `[features, atoms]`. */
  readonly atoms: NdArray<'float32'>;
}

/** What dictionary learning tells, as it happens. Frozen records: log them, draw them, or break the loop. */
export type DictionaryEvent = DictionaryStepEvent | DictionaryEpochEvent | DictionaryEndEvent;

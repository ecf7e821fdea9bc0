/** After every batch. */
export interface StepEvent {
  readonly type: 'step';
  /** From 1. */
  readonly epoch: number;
  /** Batches done in all, from 1. */
  readonly step: number;
  /** The loss of every stage on this batch, before its update. */
  readonly losses: { readonly [stage: string]: number };
  readonly examplesPerSecond: number;
  /** What the option `summary` gave. */
  readonly summary?: { readonly [name: string]: number };
}

/** After every epoch, its updates included. */
export interface EpochEvent {
  readonly type: 'epoch';
  readonly epoch: number;
  readonly step: number;
  /** Of a stage that runs on batches the mean over those for which it had a loss; of an update after the epoch its own. */
  readonly losses: { readonly [stage: string]: number };
  /** Where validation was asked for. */
  readonly validation?: number;
  /** The best so far under early stopping. */
  readonly best?: boolean;
  readonly seconds: number;
  /** What the option `summary` gave. */
  readonly summary?: { readonly [name: string]: number };
}

/** The last event: why training ended. */
export interface EndEvent {
  readonly type: 'end';
  readonly reason: 'epochs' | 'early stopping';
  readonly epoch: number;
  readonly step: number;
}

/** What training tells, as it happens. Frozen records: log them, draw them, or break the loop. */
export type TrainingEvent = StepEvent | EpochEvent | EndEvent;

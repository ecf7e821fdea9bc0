/** How far a long piece of work is. */
export interface Progress {
  /** What is being done, in a word or two: `'reading'`, `'clustering'`, `'learning'`, `'selecting'`, `'sorting'`. */
  readonly stage: string;
  readonly done: number;
  readonly total: number;
}

/** What every long piece of work takes. */
export interface WorkOptions {
  /** Stops the work with an ABORTED error. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Where checkpoints are kept: a file, a database, memory. */
export interface CheckpointStore {
  /** The last checkpoint written, or undefined. */
  read(): Promise<Uint8Array | undefined>;
  /** Replaces it: all or nothing, even where the process dies in between. */
  write(checkpoint: Uint8Array): Promise<void>;
}

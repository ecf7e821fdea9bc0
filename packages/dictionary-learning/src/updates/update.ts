import type { Random } from '@unrolled/contracts';
import type { AtomConstraint, Atoms } from '../atoms.ts';
import type { CodedBatch } from '../codes.ts';

/** How atoms follow from codes: what makes one method of dictionary learning another. */
export interface AtomUpdate {
  /** What errors and checkpoints call it. */
  readonly name: string;
  /** Begins a run for so many atoms and features. */
  begin(atoms: number, features: number): AtomUpdateRun;
}

/** What an update is told besides the batch. */
export interface UpdateContext {
  /** Batches done in all, this one included: from 1. */
  readonly step: number;
  readonly constraint: AtomConstraint;
  /** For what is drawn at this step. */
  readonly random: Random;
}

/** One run: what it remembers from batch to batch. */
export interface AtomUpdateRun {
  /** Changes the atoms in place. Gives how many were of no use and were seeded anew. */
  update(atoms: Atoms, batch: CodedBatch, context: UpdateContext): number;
  /** What it remembers, by name: lent, for checkpoints, which are loaded into these same arrays. */
  readonly memory: { readonly [name: string]: Float64Array };
}

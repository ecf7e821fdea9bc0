import { UnrolledError } from '@unrolled/contracts';
import { encodeSafetensors, ndArray, parseSafetensors } from '@unrolled/formats';
import type { Atoms } from './atoms.ts';
import type { AtomUpdateRun } from './updates/update.ts';

/** Where a run stands: everything that is not an array. JSON-able. */
export interface Progress {
  /** The epoch that is being run, from 1. */
  readonly epoch: number;
  /** Batches of it that are done. */
  readonly batch: number;
  /** Batches done in all. */
  readonly step: number;
  /** Of the objectives of this epoch's examples. */
  readonly sum: number;
  /** The mean objective of the last epoch. */
  readonly before: number | null;
  /** The mean objective changes by less than the tolerance. */
  readonly settled: boolean;
}

/** What a run must have been begun with to go on from a checkpoint. JSON-able. */
export interface Identity {
  readonly update: string;
  readonly seed: number;
  readonly examples: number;
  readonly batchSize: number;
}

/** Everything that a checkpoint restores. */
export interface Checkpointed {
  readonly atoms: Atoms;
  readonly update: Pick<AtomUpdateRun, 'memory'>;
  readonly identity: Identity;
}

const format = 'unrolled-dictionary-learning/1';

/** The state of a run as one `.safetensors` file, in float64. */
export function encodeCheckpoint(run: Checkpointed, progress: Progress): Uint8Array {
  const arrays = Object.entries(arraysOf(run)).map(([name, values]) => [name, ndArray(values)] as const);
  return encodeSafetensors(Object.fromEntries(arrays), {
    format,
    identity: JSON.stringify(run.identity),
    progress: JSON.stringify(progress),
  });
}

/**
 * Sets a run to the state of a checkpoint; where anything does not fit, changes nothing.
 *
 * @throws INVALID_FILE where it is no checkpoint, or one of another run
 */
export function restoreCheckpoint(bytes: Uint8Array, run: Checkpointed): Progress {
  const { tensors, metadata } = parseSafetensors(bytes);
  if (metadata['format'] !== format) mismatch('format', metadata['format'], format);
  const { identity, progress } = parseMetadata(metadata);
  for (const [key, now] of Object.entries(run.identity)) {
    const made = identity[key as keyof Identity];
    if (made !== now) mismatch(key, made, now);
  }
  const arrays = Object.entries(arraysOf(run));
  for (const [name, values] of arrays) {
    const saved = tensors[name];
    if (saved?.dtype !== 'float64' || saved.data.length !== values.length) {
      mismatch(
        `${name}`,
        saved && `${saved.data.length} numbers of ${saved.dtype}`,
        `${values.length} of float64`,
      );
    }
  }
  for (const [name, values] of arrays) values.set(tensors[name]!.data as Float64Array);
  return progress;
}

function arraysOf({ atoms, update }: Checkpointed): { readonly [name: string]: Float64Array } {
  const memory = Object.entries(update.memory).map(([name, values]) => [`memory.${name}`, values]);
  return { atoms: atoms.values, ...Object.fromEntries(memory) };
}

function parseMetadata(metadata: { readonly [name: string]: string }) {
  try {
    const [identity, progress] = ['identity', 'progress'].map((key) => JSON.parse(metadata[key]!));
    return { identity: identity as Identity, progress: progress as Progress };
  } catch (cause) {
    throw new UnrolledError('INVALID_FILE', 'checkpoint: its header cannot be read', { cause });
  }
}

function mismatch(what: string, made: unknown, now: unknown): never {
  throw new UnrolledError(
    'INVALID_FILE',
    `checkpoint: it was made with ${what} ${made ?? 'none'}, this run has ${now}`,
  );
}

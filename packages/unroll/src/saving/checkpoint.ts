import type { Variable } from '@tensorflow/tfjs-core';
import type { Network } from '@unrolled/contracts';
import { UnrolledError } from '@unrolled/contracts';
import { encodeSafetensors, type NdArray, parseSafetensors } from '@unrolled/formats';
import type { OptimizerRun } from '../training/optimizer.ts';
import { assignArrays, toArrays } from './arrays.ts';

/** Where checkpoints are kept: a file, a database, memory. */
export interface CheckpointStore {
  /** The last checkpoint written, or undefined. */
  read(): Promise<Uint8Array | undefined>;
  /** Replaces it: all or nothing, even where the process dies in between. */
  write(checkpoint: Uint8Array): Promise<void>;
}

/** Where a run stands: everything that is not a tensor. JSON-able. */
export interface Progress {
  readonly seed: number;
  /** Batches of an epoch, where the source knows. */
  readonly batches: number | null;
  /** The epoch that is being run, from 1. */
  readonly epoch: number;
  /** Batches of it that are done. */
  readonly batch: number;
  /** Batches done in all. */
  readonly step: number;
  /** Sum over this epoch's batches of each stage's loss. */
  readonly sums: { readonly [stage: string]: number };
  readonly best: number | null;
  /** Epochs since the best validation loss. */
  readonly waited: number;
  /** What update stages remember. */
  readonly memory: { readonly [stage: string]: unknown };
}

/** Everything that a checkpoint restores. */
export interface Checkpointed {
  readonly network: Pick<Network, 'variables'>;
  readonly optimizers: ReadonlyMap<string, OptimizerRun>;
  /** The best parameters so far, under early stopping. */
  readonly best: { readonly [name: string]: Variable };
}

const format = 'unrolled-checkpoint/1';

/** The state of a run as one `.safetensors` file. */
export async function encodeCheckpoint(
  { network, optimizers, best }: Checkpointed,
  progress: Progress,
): Promise<Uint8Array> {
  const steps = Object.fromEntries([...optimizers].map(([stage, run]) => [stage, run.steps]));
  const groups: Record<string, NdArray> = {};
  const add = async (group: string, tensors: Parameters<typeof toArrays>[0]): Promise<void> => {
    for (const [name, array] of Object.entries(await toArrays(tensors))) groups[`${group}:${name}`] = array;
  };
  await add('network', network.variables);
  for (const [stage, run] of optimizers) await add(`optimizer:${stage}`, run.moments);
  await add('best', best);
  return encodeSafetensors(groups, {
    format,
    progress: JSON.stringify(progress),
    steps: JSON.stringify(steps),
  });
}

/**
 * Sets a run to the state of a checkpoint.
 *
 * @throws INVALID_FILE where it is no checkpoint, or one of another network, other stages or another seed
 */
export function restoreCheckpoint(
  bytes: Uint8Array,
  { network, optimizers, best }: Checkpointed,
  seed: number,
): Progress {
  const { tensors, metadata } = parseSafetensors(bytes);
  if (metadata['format'] !== format) {
    throw new UnrolledError(
      'INVALID_FILE',
      `checkpoint: expected format ${format}, got ${metadata['format'] ?? 'none'}`,
    );
  }
  const progress = JSON.parse(metadata['progress']!) as Progress;
  const steps = JSON.parse(metadata['steps']!) as Record<string, number>;
  if (progress.seed !== seed) {
    throw new UnrolledError(
      'INVALID_FILE',
      `checkpoint: it was made with seed ${progress.seed}, this run has seed ${seed}`,
    );
  }
  const stages = [...optimizers.keys()];
  if (String(Object.keys(steps)) !== String(stages)) {
    throw new UnrolledError(
      'INVALID_FILE',
      `checkpoint: expected stages ${stages}, got ${Object.keys(steps)}`,
    );
  }
  const group = (name: string): Record<string, NdArray> =>
    Object.fromEntries(
      Object.entries(tensors)
        .filter(([key]) => key.startsWith(`${name}:`))
        .map(([key, array]) => [key.slice(name.length + 1), array]),
    );
  assignArrays(network.variables, group('network'));
  assignArrays(best, group('best'));
  for (const [stage, run] of optimizers) {
    assignArrays(run.moments, group(`optimizer:${stage}`));
    run.resumeAt(steps[stage]!);
  }
  return progress;
}

/** A checkpoint in memory. */
export function memoryStore(): CheckpointStore {
  let kept: Uint8Array | undefined;
  return {
    read: async () => kept,
    write: async (checkpoint) => {
      kept = checkpoint.slice();
    },
  };
}

import type { Variable } from '@tensorflow/tfjs-core';
import { type CheckpointStore, type Network, UnrolledError } from '@unrolled/contracts';
import { encodeSafetensors, type NdArray, parseSafetensors, type Safetensors } from '@unrolled/formats';
import type { OptimizerRun } from '../training/optimizer.ts';
import { assignArrays, toArrays } from './arrays.ts';

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
  /** Of each stage's losses in this epoch: how many there were, and their sum. */
  readonly losses: { readonly [stage: string]: { readonly count: number; readonly sum: number } };
  readonly best: number | null;
  /** Epochs since the best validation loss. */
  readonly waited: number;
  /** What update stages remember. */
  readonly memory: { readonly [stage: string]: unknown };
}

/** Everything that a checkpoint restores. */
export interface Checkpointed {
  readonly network: Pick<Network, 'variables'>;
  readonly stages: readonly { readonly name: string }[];
  readonly optimizers: ReadonlyMap<string, OptimizerRun>;
  /** The best parameters so far, under early stopping. */
  readonly best: { readonly [name: string]: Variable };
}

const format = 'unrolled-checkpoint/1';

/** The state of a run as one `.safetensors` file. */
export async function encodeCheckpoint(run: Checkpointed, progress: Progress): Promise<Uint8Array> {
  const tensors: Record<string, NdArray> = {};
  for (const [group, variables] of groups(run))
    for (const [name, array] of Object.entries(await toArrays(variables)))
      tensors[`${group}:${name}`] = array;
  const steps = [...run.optimizers.values()].map((optimizer) => optimizer.steps);
  return encodeSafetensors(tensors, {
    format,
    stages: JSON.stringify(run.stages.map(({ name }) => name)),
    steps: JSON.stringify(steps),
    progress: JSON.stringify(progress),
  });
}

/**
 * Sets a run to the state of a checkpoint; where anything does not fit, changes nothing.
 *
 * @throws INVALID_FILE where it is no checkpoint, or one of another network, other stages, another seed or other batches
 */
export function restoreCheckpoint(
  bytes: Uint8Array,
  run: Checkpointed,
  expected: Pick<Progress, 'seed' | 'batches'>,
): Progress {
  const { tensors, metadata } = parseSafetensors(bytes);
  if (metadata['format'] !== format) mismatch(`format ${metadata['format'] ?? 'none'}`, `format ${format}`);
  const { stages, steps, progress } = parseMetadata(metadata);
  const names = run.stages.map(({ name }) => name);
  if (JSON.stringify(stages) !== JSON.stringify(names))
    mismatch(`stages ${stages.join(', ')}`, `stages ${names.join(', ')}`);
  if (progress.seed !== expected.seed) mismatch(`seed ${progress.seed}`, `seed ${expected.seed}`);
  if (progress.batches !== expected.batches) {
    const [made, now] = [progress.batches, expected.batches].map(
      (count) => `${count ?? 'any number of'} batches an epoch`,
    );
    mismatch(made!, now!);
  }
  const arraysOf = (group: string): Record<string, NdArray> =>
    Object.fromEntries(
      Object.entries(tensors)
        .filter(([key]) => key.startsWith(`${group}:`))
        .map(([key, array]) => [key.slice(group.length + 1), array]),
    );
  assignArrays(...groups(run).map(([group, variables]) => ({ variables, arrays: arraysOf(group) })));
  [...run.optimizers.values()].forEach((optimizer, index) => {
    optimizer.resumeAt(steps[index]!);
  });
  return progress;
}

/** Everything of a run that is tensors, by the name of its group in the file. */
function groups({ network, optimizers, best }: Checkpointed) {
  const moments = [...optimizers.values()].map(
    (optimizer, index) => [`optimizer/${index}`, optimizer.moments] as const,
  );
  return [['network', network.variables] as const, ['best', best] as const, ...moments];
}

function parseMetadata(metadata: Safetensors['metadata']) {
  try {
    const [stages, steps, progress] = ['stages', 'steps', 'progress'].map((key) =>
      JSON.parse(metadata[key]!),
    );
    return { stages: stages as string[], steps: steps as number[], progress: progress as Progress };
  } catch (cause) {
    throw new UnrolledError('INVALID_FILE', 'checkpoint: its header cannot be read', { cause });
  }
}

function mismatch(made: string, now: string): never {
  throw new UnrolledError('INVALID_FILE', `checkpoint: it was made with ${made}, this run has ${now}`);
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

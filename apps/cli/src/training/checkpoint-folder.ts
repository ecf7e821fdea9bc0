import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type CheckpointStore, UnrolledError } from '@unrolled/contracts';
import { fileStore } from '@unrolled/unroll/node';
import { formatJson } from '../files/json.ts';
import { writeWholeFile } from '../output/temporaries.ts';

/** What a run is: another recipe, or other pictures, cannot go on from its checkpoints. */
const identityFile = 'run.json';

/** Refuses a folder for checkpoints that is a file or somebody else's; writes nothing. */
export function requireCheckpointFolder(folder: string): void {
  const there = statSync(folder, { throwIfNoEntry: false });
  if (there === undefined) return;
  if (!there.isDirectory())
    throw new UnrolledError('EXISTS', `--checkpoint: ${folder} exists and is not a folder`);
  if (readdirSync(folder).length > 0 && !existsSync(join(folder, identityFile))) {
    throw new UnrolledError(
      'EXISTS',
      `--checkpoint: the folder ${folder} holds files that unrolled did not write`,
    );
  }
}

/**
 * The stores of a run in a folder that `requireCheckpointFolder` has let pass. Whenever the process ends, each holds a whole
 * checkpoint.
 *
 * @throws UnrolledError INVALID_FILE where the folder is of a run with another recipe or other pictures
 */
export function checkpointStores(
  folder: string,
  recipe: object,
  examples: readonly { readonly data: Float32Array | Float64Array }[],
): (name: string) => CheckpointStore {
  const digest = createHash('sha256');
  for (const { data } of examples) digest.update(data);
  const identity = formatJson({ ...recipe, pictures: digest.digest('hex') });
  const path = join(folder, identityFile);
  if (existsSync(path)) {
    if (readFileSync(path, 'utf8') !== identity) {
      throw new UnrolledError(
        'INVALID_FILE',
        `--checkpoint: ${folder} is of a run with other options or other pictures (${path} says which)`,
      );
    }
  } else {
    mkdirSync(folder, { recursive: true });
    writeWholeFile(path, identity);
  }
  return (name) => {
    const file = join(folder, `${name}.safetensors`);
    // Written at one go: Ctrl-C ends the process before a write or after it, and nothing half-written stays.
    return { ...fileStore(file), write: async (checkpoint) => writeWholeFile(file, checkpoint) };
  };
}

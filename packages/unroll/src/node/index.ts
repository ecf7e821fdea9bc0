import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CheckpointStore } from '@unrolled/contracts';

/**
 * A checkpoint in a file. It is written beside and renamed, after the bytes have reached the disk: whenever the process dies, the file is a
 * whole checkpoint, the old one or the new one.
 *
 * @example train(network, examples, { …, checkpoint: { store: fileStore('run.safetensors') } })
 */
export function fileStore(path: string): CheckpointStore {
  return {
    read: async () => {
      try {
        return new Uint8Array(await readFile(path));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    write: async (checkpoint) => {
      // Always the same name: what a killed process left half-written is overwritten, not left to pile up.
      const partial = `${path}.partial`;
      try {
        const file = await open(partial, 'w');
        try {
          await file.writeFile(checkpoint);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(partial, path);
        await syncFolder(dirname(path));
      } catch (error) {
        await rm(partial, { force: true });
        throw error;
      }
    },
  };
}

/** Makes a rename in this folder last through a power cut. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } catch (error) {
    // Windows cannot sync a folder, and does not need to.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  } finally {
    await folder.close();
  }
}

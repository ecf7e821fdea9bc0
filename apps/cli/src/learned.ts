import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UnrolledError } from '@unrolled/contracts';
import { encodeSafetensors, parseSafetensors } from '@unrolled/formats';
import { type Learned, loadLearned, saveLearned } from '@unrolled/spikes';
import { parseFile, requireFolder } from './files/parse-file.ts';

/** The network's parameters and the front end that it sees a recording through. */
const networkFile = 'network.safetensors';
const metadataName = 'learned';

/**
 * Writes what was learned: all that sorting another recording of the same electrodes needs.
 *
 * @returns the names of the files that it wrote
 */
export function writeLearned(folder: string, learned: Learned): string[] {
  const { tensors, metadata } = saveLearned(learned);
  writeFileSync(join(folder, networkFile), encodeSafetensors(tensors, { [metadataName]: metadata }));
  return [networkFile];
}

/**
 * What `writeLearned` wrote, bit for bit.
 *
 * @throws UnrolledError INVALID_FILE, naming the file that is missing or not as it was written
 */
export function readLearned(folder: string): Learned {
  requireFolder(folder);
  const path = join(folder, networkFile);
  if (!existsSync(path)) {
    throw new UnrolledError(
      'INVALID_FILE',
      `${folder}: expected a folder that learn wrote, it has no ${networkFile}`,
    );
  }
  return parseFile(path, (bytes) => {
    const { tensors, metadata } = parseSafetensors(bytes);
    return loadLearned({ tensors, metadata: metadata[metadataName] ?? '' });
  });
}

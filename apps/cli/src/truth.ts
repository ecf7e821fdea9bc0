import { statSync } from 'node:fs';
import { parseTruth, type SpikeTruth } from '@unrolled/data';
import { parseFile } from './files/parse-file.ts';
import { readSpikes } from './phy/read.ts';

/** The known spikes at a path: a JSON file (`parseTruth` says of which form), or a folder in Phy's layout. */
export function readTruth(path: string): SpikeTruth {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return readSpikes(path);
  return parseFile(path, (bytes) => parseTruth(bytes.toString('utf8')));
}

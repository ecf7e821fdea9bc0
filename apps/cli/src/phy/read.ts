import { join } from 'node:path';
import { UnrolledError } from '@unrolled/contracts';
import type { SpikeTruth } from '@unrolled/data';
import { type NdArray, parseNpy } from '@unrolled/formats';
import { parseFile, requireFolder } from '../files/parse-file.ts';
import { parseSampleRate } from './params.ts';

/**
 * The spikes of a folder in Phy's layout, in the units that Phy's user left them in (`spike_clusters.npy`). Written by us
 * or by another sorter.
 *
 * @throws UnrolledError INVALID_FILE where the folder or a file of it is not what it should be
 */
export function readSpikes(folder: string): SpikeTruth & { readonly rate: number } {
  requireFolder(folder);
  const rate = parseFile(join(folder, 'params.py'), (bytes) => parseSampleRate(bytes.toString('utf8')));
  const times = wholeNumbers(folder, 'spike_times.npy');
  const units = wholeNumbers(folder, 'spike_clusters.npy');
  if (times.length !== units.length) {
    throw new UnrolledError(
      'INVALID_FILE',
      `${folder}: spike_times.npy has ${times.length} spikes and spike_clusters.npy ${units.length}`,
    );
  }
  return {
    rate,
    times: Float64Array.from(times, Number),
    units: Int32Array.from(units, Number),
    amplitudes: undefined,
  };
}

/** One array of a Phy folder; an error names the file. */
export function readArray(folder: string, name: string): NdArray {
  return parseFile(join(folder, name), parseNpy);
}

/** Numbers of any integer type, along one axis or one column (as Kilosort writes times). */
function wholeNumbers(folder: string, name: string): ArrayLike<number | bigint> {
  const { data, dtype, shape } = readArray(folder, name);
  const rows = shape[0] ?? 1;
  if (dtype === 'float32' || dtype === 'float64' || data.length !== rows) {
    throw new UnrolledError(
      'INVALID_FILE',
      `${join(folder, name)}: expected whole numbers along one axis, got ${dtype} of shape [${shape.join(', ')}]`,
    );
  }
  return data;
}

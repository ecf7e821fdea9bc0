import { join } from 'node:path';
import { UnrolledError } from '@unrolled/contracts';
import { type NdArray, parseNpy } from '@unrolled/formats';
import { parseFile, requireFolder } from '../files/parse-file.ts';
import { parseSampleRate } from './params.ts';

/** The spikes of a sorting, whoever sorted it: the part of a Phy folder that scoring needs. */
export interface SpikeTrains {
  /** Hz. */
  readonly rate: number;
  /** Names of the units, in the order of `trains`. */
  readonly units: readonly string[];
  /** The spike times of every unit, in samples, ascending. */
  readonly trains: readonly Float64Array[];
}

/**
 * The spike trains of a folder in Phy's layout, as Phy's user left them (`spike_clusters.npy`). Written by us or by
 * another sorter.
 *
 * @throws UnrolledError INVALID_FILE where the folder or a file of it is not what it should be
 */
export function readSpikeTrains(folder: string): SpikeTrains {
  requireFolder(folder);
  const rate = parseFile(join(folder, 'params.py'), (bytes) => parseSampleRate(bytes.toString('utf8')));
  const times = integers(folder, 'spike_times.npy');
  const clusters = integers(folder, 'spike_clusters.npy');
  if (times.length !== clusters.length) {
    throw new UnrolledError(
      'INVALID_FILE',
      `${folder}: spike_times.npy has ${times.length} spikes and spike_clusters.npy ${clusters.length}`,
    );
  }
  const byUnit = new Map<number, number[]>();
  for (const [spike, unit] of clusters.entries()) {
    const train = byUnit.get(unit);
    if (train) train.push(times[spike]!);
    else byUnit.set(unit, [times[spike]!]);
  }
  const units = [...byUnit.keys()].sort((a, b) => a - b);
  return {
    rate,
    units: units.map(String),
    trains: units.map((unit) => Float64Array.from(byUnit.get(unit)!).sort()),
  };
}

/** One array of a Phy folder; an error names the file. */
export function readArray(folder: string, name: string): NdArray {
  return parseFile(join(folder, name), parseNpy);
}

/** Numbers of any integer type, one axis (or one column, as Kilosort writes times), as host numbers. */
function integers(folder: string, name: string): Float64Array {
  const { data, dtype, shape } = readArray(folder, name);
  if (dtype === 'float32' || dtype === 'float64' || shape.filter((length) => length !== 1).length > 1) {
    throw new UnrolledError(
      'INVALID_FILE',
      `${join(folder, name)}: expected whole numbers along one axis, got ${dtype} of shape [${shape.join(', ')}]`,
    );
  }
  return Float64Array.from(data as ArrayLike<number | bigint>, Number);
}

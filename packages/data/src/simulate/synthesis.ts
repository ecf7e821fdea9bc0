import type { Random } from '@unrolled/contracts';
import type { NdArray } from '@unrolled/formats';
import type { SpikeTruth } from '../spike-truth.ts';

/** The spikes without noise, samples start … end − 1. */
export function synthesise(
  { times, units, amplitudes }: SpikeTruth,
  { data, shape }: NdArray<'float32'>,
  peaks: Int32Array,
  start: number,
  end: number,
): Float32Array {
  const [, length, channels] = shape as readonly [number, number, number];
  const values = new Float32Array((end - start) * channels);
  for (let spike = firstAtLeast(times, start - length); spike < times.length; spike++) {
    const onset = times[spike]! - peaks[units[spike]!]!;
    if (times[spike]! >= end + length) break;
    const template = units[spike]! * length * channels;
    const from = Math.max(onset, start);
    const to = Math.min(onset + length, end);
    for (let index = (from - onset) * channels; index < (to - onset) * channels; index++) {
      values[(onset - start) * channels + index]! += amplitudes![spike]! * data[template + index]!;
    }
  }
  return values;
}

/** The index of the first number that is not below `least`, in ascending numbers. */
function firstAtLeast(values: Float64Array, least: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

const noiseBlock = 4096;

/** Adds noise that depends on the place alone: it comes in blocks, each from a generator of its own. */
export function addNoise(values: Float32Array, offset: number, deviation: number, noise: Random): void {
  const end = offset + values.length;
  for (let block = Math.floor(offset / noiseBlock); block * noiseBlock < end; block++) {
    const own = noise.split(block);
    for (let index = block * noiseBlock; index < Math.min((block + 1) * noiseBlock, end); index++) {
      const draw = own.normal(0, deviation);
      if (index >= offset) values[index - offset]! += draw;
    }
  }
}

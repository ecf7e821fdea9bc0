import { correlate, fewest, pack, packedBytes } from './correlate1d';
import { copyNumbers, zeroNumbers } from './numbers';

/** Numbers of a signal that the fewest positions reach. */
// @ts-ignore: decorator
@inline
function reach(length: i32, channels: i32, atoms: i32, stride: i32): i32 {
  return (fewest(atoms) - 1) * stride * channels + length * channels;
}

/** Bytes of scratch that `analysis1d` needs. */
export function analysis1dScratch(length: i32, channels: i32, atoms: i32, stride: i32): usize {
  const short = reach(length, channels, atoms, stride) + fewest(atoms) * atoms;
  return packedBytes(atoms, stride * channels, length * channels) + (<usize>short << 2);
}

/**
 * out[b, m, c] = Σ_{k, i} y[b, m · stride + k, i] · filters[k, i, c], summed in the order of k, then i.
 */
export function analysis1d(
  y: usize,
  filters: usize,
  out: usize,
  batch: i32,
  time: i32,
  positions: i32,
  length: i32,
  channels: i32,
  atoms: i32,
  stride: i32,
  scratch: usize,
): void {
  const width = stride * channels;
  const terms = length * channels;
  const size = time * channels;
  const reached = reach(length, channels, atoms, stride);
  const signal = scratch + packedBytes(atoms, width, terms);
  const results = signal + (<usize>reached << 2);
  const least = fewest(atoms);
  pack(filters, <isize>atoms << 2, 4, atoms, width, terms, scratch);
  for (let example = 0; example < batch; example++) {
    if (positions >= least) {
      correlate(y, scratch, out, positions, atoms, width, terms);
    } else {
      // A signal that is too short is computed beside it, with zeros behind it.
      const there = min(reached, size);
      copyNumbers(signal, y, there);
      zeroNumbers(signal + (<usize>there << 2), reached - there);
      correlate(signal, scratch, results, least, atoms, width, terms);
      copyNumbers(out, results, positions * atoms);
    }
    y += <usize>size << 2;
    out += <usize>(positions * atoms) << 2;
  }
}

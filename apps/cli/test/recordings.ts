import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeNpy, type NdArray, ndArray } from '@unrolled/formats';

/** Samples that are no two channels alike and never constant: `[samples, channels]`. */
export function noise(samples: number, channels: number): Int16Array {
  let state = 1;
  return Int16Array.from({ length: samples * channels }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 20) - 2048;
  });
}

export function writeNpy(folder: string, name: string, array: NdArray): string {
  const path = join(folder, name);
  writeFileSync(path, encodeNpy(array));
  return path;
}

/** A .npy header of any dtype, with as many bytes behind it as are asked for: for files that must be refused. */
export function writeNpyOf(
  folder: string,
  name: string,
  descr: string,
  shape: string,
  bytes: number,
): string {
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }`.padEnd(117);
  const header = Buffer.from(`\x93NUMPY\x01\x00\x76\x00${dictionary}\n`, 'latin1');
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat([header, Buffer.alloc(bytes, 1)]));
  return path;
}

/** A good one: 1 s of two channels at 10 kHz. */
export const writeGood = (folder: string): string =>
  writeNpy(folder, 'good.npy', ndArray(noise(10_000, 2), [10_000, 2]));

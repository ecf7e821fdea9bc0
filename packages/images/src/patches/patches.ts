import { requireAllFinite, requireInteger, requireShape } from '@unrolled/contracts';
import type { Image, Size } from '../image.ts';

/**
 * Parts of one or more pictures, all of one size: what dictionaries are learned from and networks work on. `data` and `shape`
 * make it the examples `[patches, features]` of `@unrolled/dictionary-learning` and `@unrolled/unroll`.
 */
export interface Patches extends Size {
  /** `[patches, features]`, a patch like a picture: `[height, width, channels]`. */
  readonly data: Float32Array;
  /** `[patches, features]`, features = height · width · channels. */
  readonly shape: readonly [number, number];
  readonly channels: number;
  /** `[patches]`: the row of the picture in which each begins. */
  readonly tops: Int32Array;
  /** `[patches]`: the column of the picture in which each begins. */
  readonly lefts: Int32Array;
}

/** The same patches with other numbers `[patches, features]`: as a network gave them back, say. */
export function withValues(patches: Patches, data: Float32Array): Patches {
  requireShape('data', [data.length], [patches.data.length], 'numbers for every patch');
  return Object.freeze({ ...patches, data });
}

/** Cuts patches of this size at these places. */
export function cutPatches(
  { data, width: columns, channels }: Image,
  size: Size,
  tops: Int32Array,
  lefts: Int32Array,
): Patches {
  const { height, width } = size;
  const line = width * channels;
  const features = height * line;
  const values = new Float32Array(tops.length * features);
  tops.forEach((top, patch) => {
    for (let row = 0; row < height; row++) {
      const start = ((top + row) * columns + lefts[patch]!) * channels;
      values.set(data.subarray(start, start + line), patch * features + row * line);
    }
  });
  const shape = Object.freeze([tops.length, features] as const);
  return Object.freeze({ data: values, shape, height, width, channels, tops, lefts });
}

/** Refuses what are no patches, by the name of the argument. */
export function requirePatches(name: string, patches: Patches): Patches {
  const { data, shape, height, width, channels, tops, lefts } = patches ?? {};
  for (const [key, value] of Object.entries({ height, width, channels })) {
    requireInteger(`${name}.${key}`, value);
  }
  requireShape(`${name}.shape`, shape ?? [], [-1, height * width * channels], 'patches');
  const count = shape[0];
  requireShape(`${name}.data`, [data?.length], [count * shape[1]], 'numbers for its shape');
  requireShape(`${name}.tops`, [tops?.length], [count], 'a row for every patch');
  requireShape(`${name}.lefts`, [lefts?.length], [count], 'a column for every patch');
  requireAllFinite(name, data);
  return patches;
}

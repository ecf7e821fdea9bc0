import type { Variant } from '#kernels';

/** A module of one function: f32x4.relaxed_madd of three zeros. */
const relaxedProbe = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0, 65, 0, 253, 15, 65, 0,
  253, 15, 65, 0, 253, 15, 253, 133, 2, 11,
]);

/** A module of one function: f32x4.splat of a zero. */
const simdProbe = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 11, 1, 9, 0, 67, 0, 0, 0, 0, 253, 19,
  11,
]);

/**
 * The fastest build that this engine runs on this memory; undefined where it has no SIMD.
 *
 * Relaxed SIMD multiplies and adds in one instruction, with one rounding: a quarter faster, and other last bits. Node has it
 * from version 22 on.
 */
export function variantFor(memory: WebAssembly.Memory): Variant | undefined {
  if (!WebAssembly.validate(simdProbe)) return undefined;
  const relaxed = WebAssembly.validate(relaxedProbe);
  const shared = typeof SharedArrayBuffer !== 'undefined' && memory.buffer instanceof SharedArrayBuffer;
  if (shared) return relaxed ? 'sharedRelaxed' : 'shared';
  return relaxed ? 'relaxed' : 'plain';
}

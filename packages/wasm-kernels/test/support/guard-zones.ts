import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { tensorMemory } from '../../src/memory/heap.ts';

/** The allocator that tensors and scratch get their memory from. */
interface Allocator {
  _malloc(bytes: number): number;
  _free(address: number): void;
}

/** A block as it was asked for, and the one around it that was taken. */
interface Guarded {
  readonly outer: number;
  readonly bytes: number;
  /** Bytes of the pattern in front. */
  readonly front: number;
}

/** Pattern behind a block; in front there are as many bytes or 8 more, so that addresses are multiples of 8 and 16 alike. */
const MARGIN = 128;
/** Not a float32 that a computation gives: as four bytes −1.6e-9 of a strange mantissa, as one byte no 0 and no 1. */
const PATTERN = 0xb5;

/** What watches over the memory around every block. */
export interface GuardZones {
  /** @throws Error where a byte beside a living block was written since it was taken. */
  check(): void;
  /** Puts tfjs's own allocator back; what was taken can still be freed. */
  remove(): void;
}

/**
 * Puts a pattern in front of and behind every block that tensors and scratch are given from now on, on the wasm backend in
 * use. Looks at it whenever a block is freed, and at all living ones on demand.
 */
export function setGuardZones(): GuardZones {
  const module = (tf.backend() as BackendWasm).wasm as unknown as Allocator;
  // The first call of tfjs's allocator replaces it by the one of the module: only then is there something to wrap.
  module._free(module._malloc(16));
  const { _malloc: malloc, _free: free } = module;
  const living = new Map<number, Guarded>();
  let turn = 0;

  const zones = ({ outer, bytes, front }: Guarded) =>
    [
      ['in front of', outer, front],
      ['behind', outer + front + bytes, MARGIN],
    ] as const;
  const memory = () => new Uint8Array(tensorMemory().buffer);
  const checkBlock = (guarded: Guarded, heap: Uint8Array): void => {
    for (const [where, from, length] of zones(guarded)) {
      const zone = heap.subarray(from, from + length);
      const written = zone.findIndex((byte) => byte !== PATTERN);
      if (written >= 0) {
        throw new Error(
          `byte ${written} of ${length} ${where} a block of ${guarded.bytes} bytes was written`,
        );
      }
    }
  };

  module._malloc = (bytes) => {
    const front = MARGIN + 8 * (turn++ % 2);
    const outer = malloc(front + bytes + MARGIN) >>> 0;
    if (outer === 0) return 0;
    const guarded = { outer, bytes, front };
    const heap = memory();
    for (const [, from, length] of zones(guarded)) heap.fill(PATTERN, from, from + length);
    // What is not set yet must not look like zeros that somebody set.
    heap.fill(0xff, outer + front, outer + front + bytes);
    living.set(outer + front, guarded);
    return outer + front;
  };
  module._free = (address) => {
    const guarded = living.get(address >>> 0);
    if (!guarded) {
      free(address);
      return;
    }
    living.delete(address >>> 0);
    checkBlock(guarded, memory());
    free(guarded.outer);
  };
  return {
    check: () => {
      const heap = memory();
      for (const guarded of living.values()) checkBlock(guarded, heap);
    },
    remove: () => {
      module._malloc = malloc;
      // Blocks that live on are freed by whoever knows where they begin.
      if (living.size === 0) module._free = free;
    },
  };
}

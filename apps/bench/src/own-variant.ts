import { createRequire } from 'node:module';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Reached, Variant } from './benchmark.ts';

const { version } = createRequire(import.meta.url)('@unrolled/backend/package.json') as { version: string };

/** The version of every package of ours: they are released together. */
export const ownVersion = `unrolled ${version}, wasm`;

/** Numbers of a result on the host. */
export type HostValues = Float32Array;

/** Something that makes tensors in this process, by name. */
export interface OwnWork<N extends string> {
  readonly name: string;
  readonly about?: string;
  readonly scaled?: number;
  /** The work: fresh tensors. */
  make(): { readonly [K in N]: Tensor };
  examine(result: { readonly [K in N]: HostValues }): Reached | Promise<Reached>;
}

/** A variant in this process: waits for the numbers, keeps the last ones for `examine`, and frees what was made. */
export function ownVariant<N extends string>({ name, about, scaled, make, examine }: OwnWork<N>): Variant {
  let result: { [name: string]: HostValues } = {};
  return {
    name,
    version: ownVersion,
    threads: 1,
    ...(about !== undefined && { about }),
    ...(scaled !== undefined && { scaled }),
    async run() {
      result = {};
      for (const [key, tensor] of Object.entries<Tensor>(make())) {
        result[key] = (await tensor.data()) as Float32Array;
        tensor.dispose();
      }
      return undefined;
    },
    examine: async () => examine(result as { readonly [K in N]: HostValues }),
  };
}

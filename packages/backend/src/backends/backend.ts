import * as tf from '@tensorflow/tfjs-core';

/** A backend of tfjs by the name that tfjs and this package both give it. */
export type BackendName = 'wasm' | 'tensorflow' | 'webgpu' | 'cpu';

/** A backend that is here. */
export interface PresentBackend {
  readonly present: true;
  /** What computes, for people: "WebAssembly, SIMD, 1 thread". */
  readonly device: string;
  /** True where a GPU interface is only imitated on the processor: right, and slow. `'auto'` never picks one. */
  readonly software: boolean;
}

/** A backend that is not here. */
export interface MissingBackend {
  readonly present: false;
  readonly reason: string;
  readonly remedy: string;
}

/** One backend that may be here. */
export interface BackendProvider {
  readonly name: BackendName;
  /**
   * Looks for it, and registers it with tfjs where it is found. Does not make it the one in use.
   *
   * @param unasked nobody asked for this one: loading what is large or prints warnings is worth it only where there is hope
   */
  find(unasked?: boolean): Promise<PresentBackend | MissingBackend>;
}

export const present = (device: string, software = false): PresentBackend =>
  Object.freeze({ present: true, device, software });

export const missing = (reason: string, remedy: string): MissingBackend =>
  Object.freeze({ present: false, reason, remedy });

/**
 * Imports an optional package: undefined where it is not installed, and throws where it is but does not load.
 *
 * The name is hidden from bundlers on purpose, which would refuse to build a page without it. In a page, import the package
 * yourself: a backend that tfjs knows already is used without looking for it.
 */
export async function importOptional<M>(name: string): Promise<M | undefined> {
  try {
    return (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as M;
  } catch (error) {
    // Node, bundlers and browsers word it differently; all put the name in quotation marks, which tells this package's
    // absence from that of something which it needs itself.
    const message = messageOf(error);
    if (/cannot find|resolve/i.test(message) && /['"]/.test(message.split(name)[0]?.at(-1) ?? ''))
      return undefined;
    throw error;
  }
}

/** Does tfjs know this backend already? */
export const isRegistered = (name: BackendName): boolean => tf.findBackendFactory(name) !== null;

/** The first line of what an error says. */
export const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]!;

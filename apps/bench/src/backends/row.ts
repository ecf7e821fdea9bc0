import type { Difference } from './compare.ts';

/** What became of one check: how far from each of the other backends, or why it cannot be done here. */
export type CheckResult =
  | {
      readonly name: string;
      readonly tolerance: number;
      readonly against: { readonly [backend: string]: Difference };
    }
  | { readonly name: string; readonly unsupported: string };

/** How long something took, in seconds. */
export interface Duration {
  readonly wall: number;
  /** Of all threads together: what other programs on the machine take is not in it. */
  readonly processor: number;
}

/** How long one piece of work took. */
export type WorkResult =
  | {
      readonly name: string;
      /** Medians of the backend and of wasm, run in turns in one process; read-back included. */
      readonly own: Duration;
      readonly wasm: Duration;
      readonly runs: number;
      /** Useful floating-point operations. */
      readonly flops: number;
      /** Bytes that the kernels of tfjs read and write, each input and output once. */
      readonly bytes: number;
    }
  /** Left out, for it would take so many seconds. */
  | { readonly name: string; readonly expected: number }
  | { readonly name: string; readonly unsupported: string };

/** Tests and laws of ours that ran on it. */
export interface Laws {
  readonly passed: number;
  readonly failed: readonly string[];
}

/** What a device can do by its data sheet: 10⁹ operations and bytes a second. */
export interface Peak {
  readonly gflops: number;
  readonly gigabytes: number;
}

/** Everything about one backend on one computer. */
export interface Row {
  readonly title: string;
  /** What measured it. */
  readonly command: string;
  readonly backend: string;
  readonly version: string;
  readonly device: string;
  /** The computer that it was measured on, and how busy that was. */
  readonly machine: string;
  /** It computes on a processor of its own, a graphics card's: what ours uses says nothing. */
  readonly graphics: boolean;
  readonly checks: readonly CheckResult[];
  readonly works: readonly WorkResult[];
  readonly laws?: Laws;
  readonly peak?: Peak;
}

/** The backend could not be measured at all. */
export interface Failure {
  readonly title: string;
  readonly backend: string;
  readonly failure: string;
}

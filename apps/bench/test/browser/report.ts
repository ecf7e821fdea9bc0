/** What a page found, as JSON. */
export interface PageReport {
  readonly isolated: boolean;
  readonly device: string;
  readonly threads: number;
  /** Which build of `wasm-kernels` it took. */
  readonly variant: string;
  /** Tensors left alive by the checks. */
  readonly leaked: number;
  /** By check, then by name: what was computed. */
  readonly values: { readonly [check: string]: { readonly [name: string]: readonly number[] } };
  /** How many kernels were tried at random sizes, and what went wrong. */
  readonly tried: number;
  readonly broken: readonly string[];
}

import type { ResultStore } from './result-store.ts';

/** `smoke` takes seconds and runs in CI, `default` under half an hour on two cores, `paper` has the published size. */
export type Size = 'smoke' | 'default' | 'paper';

export const sizes: readonly Size[] = ['smoke', 'default', 'paper'];

export interface ExperimentContext {
  readonly size: Size;
  readonly seed: number;
  /** Finished parts, kept on disk: a run that was stopped goes on where it stopped. */
  readonly results: ResultStore;
  readonly signal: AbortSignal;
  /** Where the recordings are, or undefined where there are none: such parts are skipped and say so. */
  readonly dataFolder: string | undefined;
  /** A Python with the peers installed, or undefined: such parts are skipped and say so. */
  readonly python: string | undefined;
  /** Is a part asked for (`--part`)? Without the option all are. */
  wanted(part: string): boolean;
  log(line: string): void;
}

export interface Experiment {
  readonly name: string;
  readonly purpose: string;
  /** Parts that can be run alone. */
  readonly parts?: readonly string[];
  /** Runs every part that has no result yet and gives all results as plain data. */
  run(context: ExperimentContext): Promise<Record<string, unknown>>;
  /** The result page in Markdown, and its pictures by file name: SVG, or the bytes of a file. */
  page(
    results: Record<string, unknown>,
    command: string,
  ): { markdown: string; pictures: Record<string, string | Uint8Array> };
}

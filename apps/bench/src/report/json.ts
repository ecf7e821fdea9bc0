import type { CaseResult } from '../benchmark.ts';
import type { Machine } from '../machine.ts';

/** What `--json` writes. */
export interface BenchJson {
  readonly machine: Machine;
  readonly cases: readonly {
    readonly name: string;
    readonly variants: readonly {
      readonly name: string;
      readonly version: string;
      readonly threads: number;
      /** Median, of the whole work: what was measured, times `scaled`. */
      readonly seconds: number;
      readonly runs: number;
      readonly objective: number | null;
      readonly error: number | null;
      /** 20 where a twentieth of the work was measured. */
      readonly scaled: number;
    }[];
  }[];
}

export function benchJson(machine: Machine, results: readonly CaseResult[]): BenchJson {
  return {
    machine,
    cases: results.map(({ name, variants }) => ({
      name,
      variants: variants.map(({ about: _, ...variant }) => variant),
    })),
  };
}

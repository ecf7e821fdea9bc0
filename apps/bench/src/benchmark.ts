/** One way of doing a case's work. All variants of a case are run alternately, in one process. */
export interface Variant {
  /** `unrolled` is ours, `tfjs` the same in plain tfjs. */
  readonly name: string;
  readonly version: string;
  readonly threads: number;
  /** The work, once. Ends when its result is on the host. */
  run(): Promise<void>;
  /** How far its result is from the reference, relative. */
  readonly error: number;
}

export interface Case {
  readonly name: string;
  readonly about: string;
  /** Makes inputs and variants, checks that they agree, and says how to free what it made. */
  prepare(): Promise<{ readonly variants: readonly Variant[]; dispose(): void }>;
}

export interface VariantResult {
  readonly name: string;
  readonly version: string;
  readonly threads: number;
  /** Median over the runs. */
  readonly seconds: number;
  readonly runs: number;
  readonly error: number;
}

export interface CaseResult {
  readonly name: string;
  readonly variants: readonly VariantResult[];
}

const budget = 4;
const leastRuns = 5;

/** Runs the variants of a case in turns, so that what disturbs the machine disturbs all of them, and takes medians. */
export async function runCase({ name, prepare }: Case): Promise<CaseResult> {
  const { variants, dispose } = await prepare();
  try {
    const times = variants.map((): number[] => []);
    for (const { run } of variants) await run();
    const start = performance.now();
    for (let turn = 0; turn < leastRuns || performance.now() - start < budget * 1000; turn++) {
      for (const [index, { run }] of variants.entries()) {
        const before = performance.now();
        await run();
        times[index]!.push((performance.now() - before) / 1000);
      }
    }
    return {
      name,
      variants: variants.map(({ name: variant, version, threads, error }, index) => ({
        name: variant,
        version,
        threads,
        seconds: median(times[index]!),
        runs: times[index]!.length,
        error,
      })),
    };
  } finally {
    dispose();
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
